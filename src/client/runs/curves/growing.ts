import type { RunSeries } from '../../../data/runs/types.ts';
import { bareCard, type CurveMetric, type CurveRun } from '../../../parts/runs/curve-cards.tsx';
import { find, make } from '../../dom.ts';
import { print } from '../../print.ts';

/** The detail of a `daybook:curves` event: what of a run's curves has grown while the page is open. */
export interface GrownCurves {
  slug: string;
  /** Each with all its points. */
  series: readonly RunSeries[];
  /** Whether these are all, in place of what was there before. */
  isWhole: boolean;
}

/** The series with those in place that have grown. */
export function grown(before: readonly RunSeries[], now: readonly RunSeries[]): RunSeries[] {
  const byName = new Map([...before, ...now].map((one) => [one.name, one]));
  return [...byName.values()];
}

/** How many points of a metric earlier attempts have. */
export function earlierPointsOf(metric: string, runs: readonly CurveRun[]): number {
  return runs.reduce(
    (sum, { series }) => sum + (series.find(({ name }) => name === metric)?.resumed?.earlier.count ?? 0),
    0,
  );
}

/** Puts a chart behind the others for a metric that has none yet. */
export function addCard(curves: HTMLElement, metric: CurveMetric): HTMLElement {
  const card = print(bareCard(metric)) as HTMLElement;
  const groups = [...curves.querySelectorAll<HTMLElement>('.curve-cards')];
  // What the machine did comes last, in a group of its own.
  const group = groups.find((one) => isSystem(one) === metric.isSystem);
  if (group !== undefined) group.append(card);
  else if (metric.isSystem) curves.append(make('h3', { class: 'curve-group' }, 'System'), groupOf(card));
  else find(curves, '[data-tools]').after(groupOf(card));
  return card;
}

function isSystem(group: HTMLElement): boolean {
  return group.querySelector<HTMLElement>('[data-metric]')?.dataset['metric']?.startsWith('system/') === true;
}

function groupOf(card: HTMLElement): HTMLElement {
  return make('div', { class: 'curve-cards' }, card);
}
