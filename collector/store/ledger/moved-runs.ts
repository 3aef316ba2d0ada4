import type { MovedRun } from '../../formats/ledger/journal.ts';
import { bornUs, keyText, type Renumbered } from '../../formats/ledger/record.ts';
import type { OpenLedger } from './open-ledger.ts';
import { recordOf } from './place-operation.ts';

/** How long it is remembered that a run was moved, and how many are: who was given its old uid may still use that. */
const keptUs = 30 * 24 * 3600 * 1e6;
const maxKept = 100;

/** Remembers runs that had to take another uid, until the journal that says so is written. */
export function noteMoved(ledger: OpenLedger, renumbered: readonly Renumbered[]): void {
  const atUs = ledger.clock.nowUs();
  for (const { from, uid, bornUs: born } of renumbered)
    if (born !== undefined)
      ledger.moved.set(keyText({ ...from, uid }), { ...from, to: uid, bornUs: born, atUs });
}

/** Those that are to stand in the journal from now on: lately moved, and still where they were moved to. */
export function movedRuns(ledger: OpenLedger): MovedRun[] {
  const known = [...ledger.head.moved, ...ledger.moved.values()];
  const byPlace = new Map(known.map((moved) => [keyText({ ...moved, uid: moved.to }), moved]));
  const since = ledger.clock.nowUs() - keptUs;
  return [...byPlace.values()]
    .filter((moved) => {
      const row = ledger.index.find({ ...moved, uid: moved.to });
      return moved.atUs > since && row !== undefined && bornUs(recordOf(row)) === moved.bornUs;
    })
    .slice(-maxKept);
}
