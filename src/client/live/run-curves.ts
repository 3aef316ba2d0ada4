import { GrowingSeries } from '../../data/browser.ts';
import type { LiveMetricPoints } from '../../data/runs/live.ts';
import type { RunSeries } from '../../data/runs/types.ts';

/** The curves of a run that goes on, in bounded memory. */
export class RunCurves {
  readonly #series = new Map<string, GrowingSeries>();
  readonly #resumed = new Map<string, LiveMetricPoints['resumed']>();

  /** The curves as pages draw them, until there is more of them. */
  readonly #drawn = new Map<string, RunSeries>();

  get isEmpty(): boolean {
    return this.#series.size === 0;
  }

  /** Takes what is new of a metric. */
  take({ metric, points, whole, count, resumed }: LiveMetricPoints): void {
    const known = whole ? undefined : this.#series.get(metric);
    const series = known ?? new GrowingSeries();
    this.#series.set(metric, series);
    this.#drawn.delete(metric);
    if (whole) this.#resumed.set(metric, resumed);
    series.take({
      steps: points.map(({ step }) => step),
      timesUs: points.map(({ timeUs }) => timeUs),
      values: points.map(({ value }) => value),
      count: Math.max(points.length, count - series.count),
    });
  }

  /** Forgets all: they are told anew. */
  clear(): void {
    this.#series.clear();
    this.#resumed.clear();
    this.#drawn.clear();
  }

  /** All of them as pages draw them. */
  all(): RunSeries[] {
    return [...this.#series].map(([metric, series]) => {
      const known = this.#drawn.get(metric);
      if (known !== undefined) return known;
      const resumed = this.#resumed.get(metric);
      const drawn = { name: metric, ...series.kept(), ...(resumed === undefined ? {} : { resumed }) };
      this.#drawn.set(metric, drawn);
      return drawn;
    });
  }
}
