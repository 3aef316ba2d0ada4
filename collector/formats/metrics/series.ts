/** Points of a series, in their order. NaN and infinities are kept. */
export interface MetricPoints {
  /** Step or epoch; the position in the file where neither is given. */
  steps: Float64Array;
  /** Microseconds since 1970, NaN where there is none; undefined where no point has one. */
  timesUs: Float64Array | undefined;
  values: Float64Array;
}

/** One series of a metrics.jsonl, oldest first: the points that count. */
export interface MetricSeries extends MetricPoints {
  name: string;
  /** Where the run was resumed at an earlier step: those steps, what they are called, and what was set aside. */
  resumed?: { by: string; at: number[]; earlier: MetricPoints };
}

/** The same in plain lists, for everyone: times may be missing. */
export interface PlainPoints {
  /** Step or epoch; the position in the file where neither is given. */
  steps: number[];
  timesUs: (number | undefined)[];
  values: number[];
}

/** One series of a run, oldest first: the points that count. NaN and infinities are kept. */
export interface PlainSeries extends PlainPoints {
  name: string;
  /** Where the run was resumed at an earlier step: those steps, what they are called, and what was set aside. */
  resumed?: { by: string; at: number[]; earlier: PlainPoints };
}

/** What lists say of a series that a resumed run went through twice in part. */
export interface SeriesResume {
  by: string;
  at: number[];
  /** How many points of earlier attempts were set aside. */
  earlier: number;
}

/** The time of a point; undefined where it has none. */
export function timeAt({ timesUs }: MetricPoints, at: number): number | undefined {
  const us = timesUs?.[at];
  return us === undefined || Number.isNaN(us) ? undefined : us;
}

/** A series in plain lists. */
export function plainSeries({ name, resumed, ...points }: MetricSeries): PlainSeries {
  const plain = { name, ...plainPoints(points) };
  return resumed === undefined
    ? plain
    : { ...plain, resumed: { ...resumed, earlier: plainPoints(resumed.earlier) } };
}

function plainPoints(points: MetricPoints): PlainPoints {
  return {
    steps: [...points.steps],
    timesUs: Array.from(points.values, (_, at) => timeAt(points, at)),
    values: [...points.values],
  };
}
