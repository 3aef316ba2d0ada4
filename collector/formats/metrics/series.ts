/** Points of a series, in their order. Times may be missing; NaN and infinities are kept. */
export interface MetricPoints {
  /** Step or epoch; the position in the file where neither is given. */
  steps: number[];
  timesUs: (number | undefined)[];
  values: number[];
}

/** One series of a metrics.jsonl, oldest first: the points that count. */
export interface MetricSeries extends MetricPoints {
  name: string;
  /** Where the run was resumed at an earlier step: those steps, what they are called, and what was set aside. */
  resumed?: { by: string; at: number[]; earlier: MetricPoints };
}

/** What lists say of a series that a resumed run went through twice in part. */
export interface SeriesResume {
  by: string;
  at: number[];
  /** How many points of earlier attempts were set aside. */
  earlier: number;
}
