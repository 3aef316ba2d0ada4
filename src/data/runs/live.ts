import type {
  LiveMessages,
  LivePoints,
  LiveSeries,
  LiveState,
} from '../../../collector/formats/live/messages.ts';
import { parsePlainJson } from '../browser.ts';
import { numberOf } from './json.ts';

export type {
  LiveAction,
  LiveMessages,
  LivePoints,
  LiveSeries,
  LiveState,
} from '../../../collector/formats/live/messages.ts';

/** The `daybook:points` event: what is new of one metric of a run that goes on. */
export interface LiveMetricPoints {
  run: string;
  metric: string;
  /** In their order; where many came at once, the extremes of them. */
  points: { step: number; timeUs: number | null; value: number }[];
  /** Whether these are all that is kept of the metric, in place of what was there before. */
  whole: boolean;
  /** How many points the metric has in all. */
  count: number;
  /** Where the run was resumed; only with the whole. */
  resumed?: LiveSeries['resumed'];
}

/** How a run stands, as the message says it. */
export function liveStates(data: string): LiveState[] {
  return (parsePlainJson(data) as LiveMessages['runs']).map((state) => ({
    ...state,
    best: mapped(state.best, numberOf),
    last: mapped(state.last, ({ step, value }) => ({ step: numberOf(step), value: numberOf(value) })),
  }));
}

/** The metrics in a message of all or of new points. */
export function liveMetrics(kind: 'whole' | 'points', data: string): LiveMetricPoints[] {
  const { run, series } = parsePlainJson(data) as { run: string; series: (LiveSeries & LivePoints)[] };
  return series.map(({ name, steps, timesUs, values, count, total, resumed }) => ({
    run,
    metric: name,
    points: values.map((value, at) => ({
      step: numberOf(steps[at]),
      timeUs: timesUs[at] ?? null,
      value: numberOf(value),
    })),
    whole: kind === 'whole',
    count: kind === 'whole' ? count : total,
    ...(resumed === undefined
      ? {}
      : {
          resumed: {
            ...resumed,
            earlier: { ...resumed.earlier, values: resumed.earlier.values.map(numberOf) },
          },
        }),
  }));
}

function mapped<From, To>(record: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
