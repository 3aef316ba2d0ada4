import type { LiveMessages, LivePoints, LiveSeries, LiveState } from '../../../formats/live/messages.ts';
import { GrowingSeries } from '../../../formats/metrics/growing.ts';
import { type MetricPoints, type MetricSeries, timeAt } from '../../../formats/metrics/series.ts';
import type { RunRecord } from '../../../runs/record.ts';
import { LiveMetrics } from '../../../store/runs/live-metrics.ts';

/** What was seen at a look at a run. */
export interface Seen {
  /** New points of its open curves. */
  points: LivePoints[];
  /** Whether anything is new. */
  isNew: boolean;
  isMore: boolean;
}

const mostPointsAtOnce = 500;
/** Reading a whole file again may take this share of the time. */
const restAfterOpening = 10;

/** A run that is followed: how it stands, and the files its metrics are written to. */
export class LiveRun {
  record: RunRecord;
  /** When a page last asked for it, and when it last had something new. */
  askedAtMs = performance.now();
  newAtMs = performance.now();
  readonly #root: string;
  readonly #files = new Map<string, LiveMetrics>();
  #isOpening = false;
  #mayOpenAtMs = 0;

  constructor(root: string, record: RunRecord) {
    this.#root = root;
    this.record = record;
    this.update(record);
  }

  /** Takes up how it stands now. */
  update(record: RunRecord): void {
    this.record = record;
    for (const { kind, path } of record.files)
      if (kind === 'metrics' && !this.#files.has(path))
        this.#files.set(path, new LiveMetrics(this.#root, path));
  }

  /** Whether its curves are there. */
  get isOpen(): boolean {
    return [...this.#files.values()].every((file) => file.isOpen);
  }

  /** Reads what was appended to its files. */
  look(): Seen {
    const seen: Seen = { points: [], isNew: false, isMore: false };
    if (this.#isOpening) return seen;
    for (const [path, file] of this.#files) {
      const found = file.look();
      if (found === undefined) continue;
      seen.isNew = true;
      seen.isMore ||= found.isMore;
      if (!file.isOpen || found.series === undefined) continue;
      for (const series of found.series) seen.points.push(this.#pointsOf(path, file, series));
    }
    if (seen.isNew) this.newAtMs = performance.now();
    return seen;
  }

  /** Reads the files whose curves are not there; false where it is too early to do so again. */
  async open(): Promise<boolean> {
    const begun = performance.now();
    if (this.#isOpening || begun < this.#mayOpenAtMs) return false;
    this.#isOpening = true;
    try {
      for (const file of this.#files.values()) await file.open();
    } finally {
      this.#isOpening = false;
      const now = performance.now();
      this.#mayOpenAtMs = now + (now - begun) * restAfterOpening;
    }
    return true;
  }

  /** Lets its curves go. */
  close(): void {
    for (const file of this.#files.values()) file.close();
  }

  /** Its curves as they are kept. */
  whole(): LiveMessages['whole'] {
    const series: LiveSeries[] = [];
    for (const [path, file] of this.#files) {
      for (const { name, points, resumed } of file.curves()) {
        const aside =
          resumed === undefined ? {} : { resumed: { ...resumed, earlier: thin(resumed.earlier) } };
        series.push({ name: this.#nameOf(path, name), ...points, ...aside });
      }
    }
    return { run: this.record.slug, series };
  }

  /** How it stands. */
  state(isNew = false): LiveState {
    const {
      slug,
      name,
      status,
      statusWord,
      statusFrom,
      stale,
      startedAtUs,
      endedAtUs,
      durationMs,
      error,
      metrics,
      directions,
    } = this.record;
    const last: LiveState['last'] = {};
    for (const [path, file] of this.#files)
      for (const [metric, value] of file.last) setOwn(last, this.#nameOf(path, metric), value);
    const best: LiveState['best'] = {};
    for (const [metric, value] of Object.entries(metrics))
      setOwn(best, metric, better(value, ownOf(last, metric)?.value, ownOf(directions, metric)));
    return {
      isNew,
      ...{ slug, name, status, statusWord, statusFrom, stale, startedAtUs, endedAtUs, durationMs, error },
      best,
      directions,
      last,
    };
  }

  #pointsOf(path: string, file: LiveMetrics, series: MetricSeries): LivePoints {
    const kept = thin(series, mostPointsAtOnce);
    return { name: this.#nameOf(path, series.name), ...kept, total: file.countOf(series.name) ?? kept.count };
  }

  /** A name that occurs in several files is told apart by the file from the second on, as records of runs do. */
  #nameOf(path: string, name: string): string {
    for (const [other, file] of this.#files) {
      if (other === path) return name;
      if (file.last.has(name)) return `${name} (${path})`;
    }
    return name;
  }
}

function thin(points: MetricPoints, most?: number): ReturnType<GrowingSeries['kept']> {
  const series = new GrowingSeries(most);
  for (const [at, value] of points.values.entries())
    series.push(points.steps[at]!, timeAt(points, at), value);
  return series.kept();
}

/** The recorded best, unless what came last takes its place: that is recorded a moment later, by the same rule. */
function better(best: number, last: number | undefined, direction: 'min' | 'max' | undefined): number {
  if (last === undefined || !Number.isFinite(last)) return best;
  return (direction === 'min' && last >= best) || (direction === 'max' && last <= best) ? best : last;
}

function ownOf<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Recorded names may be any. */
function setOwn<Value>(record: Record<string, Value>, name: string, value: Value): void {
  Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
}
