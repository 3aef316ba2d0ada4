import { timeShare } from './time-travel.ts';

/** The state of a field from a time on; undefined where it was not recorded. */
export interface FieldState {
  atUs: number;
  state: string | undefined;
}

/** A stretch of time with one state, or one in which states changed too often to be told apart. */
export interface BandStretch {
  kind: 'state' | 'gone' | 'mixed';
  state: string | undefined;
  /** Number of the state in `states`; where no states are told apart 0 and 1 in turn. */
  tone: number;
  /** How many values stood in it. */
  count: number;
  fromUs: number;
  toUs: number;
  x: number;
  width: number;
}

/** A field's states along time; x in units of `size.width`. */
export interface FieldBand {
  stretches: BandStretch[];
  /** In the order in which they first came, with the time each was in force; empty where there are too many to tell apart. */
  states: { state: string; forUs: number }[];
  distinct: number;
}

/** More states than this cannot be told apart by how they are drawn. */
export const maxStates = 6;

/** States between two times as stretches; of more than `size.slots` those narrower than a slot flow together. */
export function fieldBand(
  values: readonly FieldState[],
  size: { width: number; slots: number; fromUs: number; toUs: number },
): FieldBand {
  const durations = new Map<string, number>();
  const spans = values.map(({ atUs, state }, at) => {
    const toUs = values[at + 1]?.atUs ?? size.toUs;
    if (state !== undefined) durations.set(state, (durations.get(state) ?? 0) + Math.max(0, toUs - atUs));
    return { state, fromUs: atUs, toUs };
  });
  const names = [...durations.keys()];
  const isTold = names.length <= maxStates;
  const numbers = new Map(names.map((name, number) => [name, number]));
  const place = (us: number) => timeShare(us, size.fromUs, size.toUs) * size.width;
  const least = spans.length > size.slots ? size.width / size.slots : 0;
  const stretches: BandStretch[] = [];
  let isNarrow = false;
  for (const [at, { state, fromUs, toUs }] of spans.entries()) {
    const x = round(place(fromUs));
    const width = round(place(toUs) - x);
    const last = stretches[stretches.length - 1];
    if (width < least && isNarrow && last !== undefined) {
      const flown = {
        state: undefined,
        tone: -1,
        count: last.count + 1,
        toUs,
        width: round(x + width - last.x),
      };
      stretches[stretches.length - 1] = { ...last, ...flown, kind: 'mixed' };
      continue;
    }
    isNarrow = width < least;
    const kind = state === undefined ? 'gone' : 'state';
    const tone = state === undefined ? -1 : isTold ? numbers.get(state)! : at % 2;
    stretches.push({ kind, state, tone, count: 1, fromUs, toUs, x, width });
  }
  return {
    stretches,
    states: isTold ? names.map((state) => ({ state, forUs: durations.get(state)! })) : [],
    distinct: names.length,
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
