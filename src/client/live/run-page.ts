import { plural, sentence } from '../../../collector/base/format/words.ts';
import type { LiveMetricPoints, LiveState } from '../../data/runs/live.ts';
import { curveCards, isSystemMetric } from '../../parts/runs/curve-cards.tsx';
import { endedHow, standPart } from '../../parts/runs/head.tsx';
import { metricTable, runMetrics } from '../../parts/runs/numbers.tsx';
import { print } from '../print.ts';
import type { GrownCurves } from '../runs/curves/growing.ts';
import { showKeyMetrics } from './key-metrics.ts';
import { RunCurves } from './run-curves.ts';
import { showTable } from './table.ts';

/** As often is anything drawn again, at most. */
const everyMs = 200;

/**
 * The page of a run that goes on: how it stands, its last values, and its curves, which `<daybook-curves>` draws; what has grown
 * is told to it by a `daybook:curves` event, all of it when it asks by `daybook:curves-wanted`.
 */
export class LiveRunPage {
  readonly #slug: string;
  readonly #curves = new RunCurves();
  readonly #changed = new Set<string>();
  #state: LiveState | undefined;
  #isWhole = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(slug: string) {
    this.#slug = slug;
    setInterval(() => this.#drawState(), 30_000);
    document.addEventListener('daybook:curves-wanted', () => {
      if (!this.#curves.isEmpty) this.#tellCurves(this.#curves.all(), true);
    });
  }

  /** Takes up how the run stands. */
  states(states: readonly LiveState[]): void {
    const state = states.find(({ slug }) => slug === this.#slug);
    if (state === undefined) return;
    this.#state = state;
    this.#drawState();
  }

  /** Takes what is new of its metrics. */
  metrics(metrics: readonly LiveMetricPoints[]): void {
    if (metrics[0]?.whole === true) {
      this.#curves.clear();
      this.#isWhole = true;
    }
    for (const one of metrics) {
      this.#curves.take(one);
      this.#changed.add(one.metric);
    }
    this.#timer ??= setTimeout(() => this.#draw(), everyMs);
  }

  #drawState(): void {
    const [said, lead] = ['[data-ended]', '.run-lead'].map((selector) => document.querySelector(selector));
    if (this.#state === undefined || !said || !lead) return;
    const run = { ...noState, ...this.#state };
    said.textContent = sentence(endedHow({ run, nowUs: Date.now() * 1000 }));
    const stand = standPart(run);
    lead.querySelector('.status')?.remove();
    if (stand !== undefined) lead.prepend(print(stand));
  }

  #draw(): void {
    this.#timer = undefined;
    const page = document.querySelector('[data-run]');
    if (page === null || this.#curves.isEmpty) return;
    const panel = page.querySelector('#metrics');
    showKeyMetrics(page, this.#numbers().metrics);
    if (panel === null) this.#makePanel(page);
    else this.#drawPanel(panel);
    if (page.querySelector('daybook-curves') !== null) needCurves();
    const changed = this.#curves.all().filter(({ name }) => this.#isWhole || this.#changed.has(name));
    this.#tellCurves(changed, this.#isWhole);
    this.#changed.clear();
    this.#isWhole = false;
  }

  /** Where nothing had been measured yet when the page was made. */
  #makePanel(page: Element): void {
    const run = { slug: this.#slug, name: this.#state?.name ?? '', ...this.#numbers(), series: [] };
    const made = runMetrics({ run, series: this.#curves.all(), up: document.body.dataset['up'] ?? '' });
    if (made !== undefined) page.querySelector('.run-pair')?.before(print(made));
  }

  #drawPanel(panel: Element): void {
    const series = this.#curves.all();
    const run = this.#numbers();
    const names = [...new Set([...Object.keys(run.metrics), ...series.map(({ name }) => name)])];
    for (const table of panel.querySelectorAll('.metric-table')) {
      const isMachine = isSystemMetric(
        table.querySelector<HTMLElement>('[data-metric]')?.dataset['metric'] ?? '',
      );
      const own = names.filter((name) => isSystemMetric(name) === isMachine);
      showTable(table, print(metricTable(run, series, own)) as HTMLElement);
    }
    const note = panel.querySelector('.panel-note');
    const points = series.reduce((sum, { count }) => sum + count, 0);
    if (note !== null) note.textContent = plural(points, 'point');
    if (panel.querySelector('daybook-curves') !== null) return;
    const named = { slug: this.#slug, name: this.#state?.name ?? '', style: 0, series } as const;
    const cards = curveCards([named], { up: document.body.dataset['up'] ?? '', first: 6 });
    if (cards !== undefined) panel.querySelector('.table-frame')?.before(print(cards));
  }

  #tellCurves(series: GrownCurves['series'], isWhole: boolean): void {
    const detail: GrownCurves = { slug: this.#slug, series, isWhole };
    document.dispatchEvent(new CustomEvent('daybook:curves', { detail }));
  }

  /** Best values where some are recorded, else the last ones. */
  #numbers(): { metrics: Record<string, number>; directions: Record<string, 'min' | 'max'> } {
    const { best, last, directions } = this.#state ?? { best: {}, last: {}, directions: {} };
    const lasts = Object.fromEntries(Object.entries(last).map(([name, { value }]) => [name, value]));
    return { metrics: { ...lasts, ...best }, directions };
  }
}

const noState = {
  stale: undefined,
  startedAtUs: undefined,
  durationMs: undefined,
  error: undefined,
};

let isNeeded = false;

/** Pages of runs without curves come without what draws them. */
function needCurves(): void {
  if (isNeeded || customElements.get('daybook-curves') !== undefined) return;
  isNeeded = true;
  const source = `${document.body.dataset['up'] ?? ''}assets/daybook-curves.js`;
  if (document.querySelector(`script[src="${source}"]`) !== null) return;
  const script = document.createElement('script');
  script.src = source;
  document.head.append(script);
}
