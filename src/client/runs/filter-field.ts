import { plainText } from '../../../collector/base/format/plain.ts';
import { filterExamples } from '../../data/runs/words.ts';
import { make } from '../dom.ts';
import { type Condition, parseCondition } from './condition.ts';
import type { RunStore } from './store.ts';

/** The field in which a condition on runs is written, with what is wrong with it in words below. */
export interface FilterField {
  element: HTMLElement;
  /** Writes a condition into the field, as from the address. */
  set(text: string): void;
  focus(): void;
}

/** Makes the field; `onChange` gets every condition that is understood, as it is typed. */
export function filterField(
  store: RunStore,
  onChange: (condition: Condition) => void,
  onLeave: () => void,
): FilterField {
  const input = make('input', {
    type: 'search',
    id: 'run-filter',
    class: 'mono',
    'data-search': '',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'lr < 0.1 AND status = failed',
    'aria-describedby': 'run-filter-said',
  });
  const said = make('p', { id: 'run-filter-said', class: 'runs-filter-said', role: 'status' });
  const byGroup = (group: 'metric' | 'param') =>
    store.columns.find(
      (column) => column.group === group && column.type === 'number' && (column.about?.distinct ?? 0) > 1,
    );
  const examples = filterExamples(byGroup('metric'), byGroup('param'));

  const showExamples = () => {
    said.replaceChildren(
      'For example ',
      ...examples.flatMap((example, at) => {
        const button = make('button', { type: 'button', class: 'link mono' }, example);
        button.addEventListener('click', () => {
          input.value = example;
          input.focus();
          take();
        });
        return at === 0 ? [button] : [', ', button];
      }),
    );
  };
  const take = () => {
    const condition = parseCondition(input.value.trim(), store.columns);
    input.setAttribute('aria-invalid', String(condition.problem !== undefined));
    if (condition.problem === undefined) {
      if (condition.text === '') showExamples();
      else said.replaceChildren();
      onChange(condition);
      return;
    }
    said.replaceChildren(
      make('span', { class: 'runs-filter-problem' }, plainText(condition.problem.message)),
    );
  };

  let timer: ReturnType<typeof setTimeout> | undefined;
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(take, 160);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && input.value !== '') {
      event.stopPropagation();
      input.value = '';
      take();
    } else if (event.key === 'Enter') {
      clearTimeout(timer);
      take();
      onLeave();
    }
  });
  const label = make('label', { for: 'run-filter' }, 'Filter');
  const element = make(
    'div',
    { class: 'runs-filter' },
    label,
    make('div', { class: 'runs-filter-input' }, input, make('kbd', { 'aria-hidden': 'true' }, '/')),
    said,
  );
  return {
    element,
    set(text) {
      input.value = text;
      take();
    },
    focus: () => input.focus(),
  };
}
