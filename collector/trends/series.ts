/** One value of a series, and what it was measured on. */
export interface TrendPoint {
  atUs: number;
  value: number;
  /** What it is the value of: the key of a run or action, or the id of a snapshot. */
  id: string;
  commit?: string | undefined;
  branch?: string | undefined;
  /** Tags of the run. */
  tags?: readonly string[];
  /** What it was measured with, as a text that is the same where values can be compared; "" where nothing is recorded. */
  environment: string;
}

/** Whether less or more is better, and who says so. */
export interface TrendDirection {
  better: 'min' | 'max';
  from: 'daybook.yaml' | 'recorded' | 'name';
}

/** Values of one thing in the order of time. */
export interface TrendSeries {
  /** Unique in the book: "runs/train/val_loss", "actions/build/duration", "fields/git.commits". */
  key: string;
  kind: 'runs' | 'actions' | 'fields';
  /** Name of the metric, "duration", or path of the field. */
  name: string;
  /** Milliseconds are shown as durations; everything else is a number. */
  unit?: 'ms';
  direction: TrendDirection | undefined;
  points: TrendPoint[];
}

/** The part of a series that is judged. */
export interface ComparablePoints {
  /** Oldest first. */
  points: TrendPoint[];
  environment: string;
  /** How many were measured with something else than the newest was. */
  otherEnvironments: number;
  /** How many of the same environment are older than the window. */
  older: number;
}

/** The newest `window` points that were measured with the same as the newest of all: others are not compared with them. */
export function comparablePoints(series: Pick<TrendSeries, 'points'>, window: number): ComparablePoints {
  const finite = series.points.filter(({ value }) => Number.isFinite(value)).sort((a, b) => a.atUs - b.atUs);
  const environment = finite.at(-1)?.environment ?? '';
  const same = finite.filter((point) => point.environment === environment);
  const points = same.slice(-window);
  return {
    points,
    environment,
    otherEnvironments: finite.length - same.length,
    older: same.length - points.length,
  };
}
