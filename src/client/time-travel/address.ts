import { snapshotInForce } from '../../charts/time-travel.ts';
import { parseTime } from '../../data/browser.ts';
import type { SnapshotIndex } from '../../data/snapshots/index.ts';
import { addressParameters, shortTime } from '../actions/view-state.ts';

/** A moment that was asked for, and the snapshot whose state was in force then. */
export interface AskedMoment {
  us: number;
  number: number;
}

/** What the address asks for: `at`, a time or the id of a snapshot, and `pin`, paths of fields. Undefined where it says nothing. */
export function readMoment(index: SnapshotIndex): {
  moment: number | undefined;
  pins: string[] | undefined;
} {
  const wanted = addressParameters(location.search, location.hash);
  const at = wanted.get('at') ?? '';
  const number = index.ids.indexOf(at);
  const moment = number >= 0 ? number : askedMoment(at, index.atUs, 0)?.number;
  const pins = wanted.has('pin')
    ? [...new Set(wanted.getAll('pin'))].filter((path) => path !== '')
    : undefined;
  return { moment, pins };
}

/** The moment of a typed time: "2026-01-31 14:00", a day, or "14:00" of the day that is shown. */
export function askedMoment(text: string, times: readonly number[], shown: number): AskedMoment | undefined {
  const typed = text.trim();
  const day = new Date((times[shown] ?? 0) / 1000).toISOString().slice(0, 10);
  const us = parseTime(/^\d\d?:\d\d(:\d\d)?$/.test(typed) ? `${day} ${typed.padStart(5, '0')}` : typed)?.us;
  return us === undefined ? undefined : { us, number: snapshotInForce(times, wholeSecond(us)) };
}

/** A snapshot as the address names it: its second, or its exact time where two share one. */
export function momentText(times: readonly number[], number: number): string {
  const us = times[number]!;
  const second = Math.floor(us / 1e6) * 1e6;
  return shortTime(snapshotInForce(times, wholeSecond(second)) === number ? second : us);
}

/** Times are shown to the second: who asks for one that was shown means the snapshot taken within it. */
function wholeSecond(us: number): number {
  return us % 1e6 === 0 ? us + 999_999 : us;
}
