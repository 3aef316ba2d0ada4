import { defaultWeight, type TableColumn } from '../../data/runs/table-columns.ts';
import { filterExamples } from '../../data/runs/words.ts';
import { make } from '../dom.ts';
import { takeTyped } from '../typed-field.ts';
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
  const take = () => {
    const condition = parseCondition(input.value.trim(), store.columns);
    const { problem, text } = condition;
    input.setAttribute('aria-invalid', String(problem !== undefined));
    said.replaceChildren(
      ...(problem !== undefined
        ? [make('span', { class: 'runs-filter-problem' }, problem.message)]
        : text === ''
          ? examples(store.columns, choose)
          : []),
    );
    if (problem === undefined) onChange(condition);
  };
  const set = (text: string) => {
    input.value = text;
    take();
  };
  const choose = (example: string) => {
    input.focus();
    set(example);
  };
  takeTyped(input, ['Enter'], take, onLeave);
  const element = make(
    'div',
    { class: 'runs-filter' },
    make('label', { for: 'run-filter' }, 'Filter'),
    make('div', { class: 'runs-filter-input' }, input, make('kbd', { 'aria-hidden': 'true' }, '/')),
    said,
  );
  return { element, set, focus: () => input.focus() };
}

/** Conditions on what this book has, to be taken by a click. */
function examples(columns: readonly TableColumn[], onChoose: (example: string) => void): (Node | string)[] {
  const telling = (group: TableColumn['group']) =>
    columns
      .filter((column) => column.group === group && column.type === 'number' && defaultWeight(column) > 0)
      .sort((a, b) => defaultWeight(b) - defaultWeight(a))[0];
  const buttons = filterExamples(telling('metric'), telling('param')).map((example) => {
    const button = make('button', { type: 'button', class: 'link mono' }, example);
    button.addEventListener('click', () => onChoose(example));
    return button;
  });
  return ['For example ', ...buttons.flatMap((button, at) => (at === 0 ? [button] : [', ', button]))];
}
