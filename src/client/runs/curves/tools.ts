import { plainText } from '../../../../collector/base/format/plain.ts';
import type { CurveAxis } from '../../../charts/curve-axis.ts';
import { mostSmoothing } from '../../../charts/curve-smoothing.ts';
import type { BesideRun } from '../../../parts/runs/curve-cards.tsx';
import { make } from '../../dom.ts';
import type { CurvesState } from './state.ts';

/** What the bar above the charts offers. */
export interface ToolsGiven {
  axes: readonly CurveAxis[];
  /** Whether there are several runs, the first of which the others can be held against. */
  hasSeveral: boolean;
  others: readonly BesideRun[];
  onChange(change: Partial<CurvesState>): void;
}

const acrossNames: Record<CurveAxis, string> = { step: 'step', time: 'time since start', epoch: 'epoch' };

const besideNames: Record<BesideRun['word'], (of: string | undefined) => string> = {
  previous: () => 'the previous',
  best: (of) => (of === undefined ? 'the best' : `the best ${plainText(of)}`),
  parent: () => 'the parent',
};

/** The bar above the charts; `show` sets it as the state is. */
export function curveTools(root: HTMLElement, given: ToolsGiven): { show(state: CurvesState): void } {
  const { axes, hasSeveral, others, onChange } = given;
  const axis = make('select', {}, ...axes.map((one) => make('option', { value: one }, acrossNames[one])));
  axis.addEventListener('change', () => onChange({ axis: axis.value as CurveAxis }));
  const smooth = make('input', { type: 'range', min: 0, max: mostSmoothing, step: 0.01 });
  const amount = make('output', { class: 'curve-amount' });
  smooth.addEventListener('input', () => onChange({ smooth: Number(smooth.value) }));
  const difference = make('input', { type: 'checkbox' });
  difference.addEventListener('change', () => onChange({ difference: difference.checked }));
  const beside = make(
    'select',
    {},
    make('option', { value: '' }, 'no other run'),
    ...others.map(({ word, name, of }) =>
      make('option', { value: word }, `${besideNames[word](of)}, ${plainText(name)}`),
    ),
  );
  beside.addEventListener('change', () => onChange({ beside: beside.value }));
  const whole = make('button', { type: 'button', class: 'button' }, 'Whole range');
  whole.addEventListener('click', () => onChange({ windows: {} }));
  const hint = make('span', { class: 'curve-hint' }, 'drag across a chart to zoom');
  root.replaceChildren(
    ...(axes.length > 1 ? [make('label', {}, 'Across', axis)] : []),
    make('label', {}, 'Smoothing', smooth, amount),
    ...(hasSeveral ? [make('label', { class: 'switch' }, difference, 'difference from A')] : []),
    ...(others.length > 0 ? [make('label', {}, 'Beside', beside)] : []),
    make('span', { class: 'curve-zoom' }, hint, whole),
  );
  return {
    show(state) {
      axis.value = axes.includes(state.axis) ? state.axis : 'step';
      if (Number(smooth.value) !== state.smooth) smooth.value = String(state.smooth);
      amount.textContent = state.smooth === 0 ? 'off' : state.smooth.toFixed(2);
      difference.checked = state.difference;
      beside.value = others.some(({ word }) => word === state.beside) ? state.beside : '';
      const isWhole = Object.keys(state.windows).length === 0;
      whole.hidden = isWhole;
      hint.hidden = !isWhole;
    },
  };
}
