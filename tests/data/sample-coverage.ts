import type { Coverage, Slot } from '../../src/data/book/types.ts';

const halfHourUs = 1_800_000_000;
const dayUs = 48 * halfHourUs;

/** Seven days of half-hour slots up to `nowUs`: nine missed in one night, some late, the rest of today open. */
export function sampleCoverage(nowUs: number): Coverage {
  const today = Math.floor(nowUs / dayUs) * dayUs;
  const slots: Slot[] = [];
  for (let index = 0; index < 7 * 48; index += 1) {
    const atUs = today - 6 * dayUs + index * halfHourUs;
    const missed = index >= 3 * 48 + 4 && index < 3 * 48 + 13;
    const state =
      atUs > nowUs - halfHourUs ? 'open' : missed ? 'missed' : (index * 31) % 29 === 0 ? 'late' : 'taken';
    slots.push({
      atUs,
      state,
      id: state === 'taken' || state === 'late' ? `periodic_slot_${index}` : undefined,
    });
  }
  const gapFrom = today - 3 * dayUs + 4 * halfHourUs;
  return {
    expected: 'every 30 minutes',
    toleranceMs: 900_000,
    slots,
    kept: slots.filter(({ state }) => state === 'taken' || state === 'late').length,
    missed: 9,
    late: slots.filter(({ state }) => state === 'late').length,
    gaps: [{ fromUs: gapFrom, toUs: gapFrom + 9 * halfHourUs, missed: 9 }],
    newestUs: nowUs - halfHourUs,
    overdue: undefined,
    nextDueUs: nowUs + halfHourUs / 2,
  };
}
