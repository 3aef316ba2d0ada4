import { jsonText } from '../../base/json/text.ts';
import type { LedgerRow } from '../../formats/ledger/join.ts';
import { parseJournal } from '../../formats/ledger/journal.ts';
import { parseLedger } from '../../formats/ledger/ledger.ts';
import { bornUs, keyText, type Renumbered } from '../../formats/ledger/record.ts';
import { layOutRecord, serializeLedger } from '../../formats/ledger/serialize.ts';
import { LedgerState, type RunState } from '../../formats/ledger/state.ts';
import { textOfFile } from '../../formats/text/file.ts';
import { readRecordedIfAny } from '../recorded-file.ts';
import { rowOf } from './adopt-ledger.ts';
import type { LedgerFiles } from './ledger-files.ts';
import { performStep } from './ledger-step.ts';
import { noteMoved } from './moved-runs.ts';
import { type LedgerWriterOptions, OpenLedger } from './open-ledger.ts';
import { recordOf } from './place-operation.ts';

/** What a ledger is to become. */
export interface RewrittenLedger {
  rows: readonly LedgerRow[];
  renumbered: readonly Renumbered[];
}

/**
 * Gives a ledger other runs while nobody else changes it: `change` sees all that was recorded until then, and what it makes of it is
 * written whole. It may be asked again; where it gives nothing, nothing is changed. Killed at any instant, the ledger is
 * the old one or the new one. Who runs what is still known afterwards, under the uid it has then.
 * @throws DaybookError `bad-input` for a ledger that cannot be written without losing what stands in it.
 */
export async function rewriteLedger(
  files: LedgerFiles,
  change: (rows: LedgerRow[]) => RewrittenLedger | undefined,
  options: LedgerWriterOptions = {},
): Promise<void> {
  const ledger = new OpenLedger(files, options);
  const decide = () => {
    const before = [...ledger.index.rows()];
    const result = change(before.map((row) => ({ ...row, record: recordOf(row) })));
    if (result !== undefined) {
      const known = new Map(before.map((row) => [keyText(row), row]));
      const moved = new Map(
        result.renumbered.map((each) => [keyText({ ...each.from, uid: each.uid }), each.from]),
      );
      const rows = result.rows.map((row) => {
        const { identifier, relpath, uid, record } = row;
        const there = known.get(keyText(moved.get(keyText(row)) ?? row));
        // Another run may have its uid now.
        const from = there !== undefined && bornUs(recordOf(there)) === bornUs(record) ? there : undefined;
        const raw =
          from !== undefined && jsonText(recordOf(from)) === jsonText(record) ? from.record : undefined;
        return rowOf({ identifier, relpath, uid, record, raw, owner: from?.owner });
      });
      ledger.index.replaceRows(rows);
      noteMoved(ledger, result.renumbered);
    }
    return { operation: undefined, result: undefined };
  };
  try {
    await performStep(ledger, decide, 'fold');
  } finally {
    ledger.lock.close();
    ledger.original.close();
  }
}

/**
 * The runs of a ledger with what its journal says; `isPlain` where the bytes of the ledger themselves say the same. Undefined for a
 * file that is no ledger, or not whole at this moment.
 */
export function readLedgerRows(
  files: LedgerFiles,
): { rows: LedgerRow[]; bytes: Buffer; isPlain: boolean } | undefined {
  const journal = parseJournal(readRecordedIfAny(files.journal) ?? Buffer.alloc(0), files.journal);
  const bytes = readRecordedIfAny(files.path);
  if (bytes === undefined && journal.operations.length === 0) return undefined;
  const ledger = bytes === undefined ? emptyLedger : parseLedger(textOfFile(bytes).text ?? '', files.file);
  if (ledger.kind !== 'ledger' || ledger.hasOdd) return undefined;
  const before = new Map(ledger.entries.map(({ run }) => [keyText(run), run.record]));
  const state = new LedgerState(ledger.entries);
  state.apply(journal.operations);
  const rows = [...state.runs.values()].map(
    ({ identifier, relpath, uid, record }: RunState): LedgerRow => ({ identifier, relpath, uid, record }),
  );
  const isPlain =
    bytes !== undefined &&
    ledger.renumbered.length === 0 &&
    rows.length === before.size &&
    rows.every((row) => before.get(keyText(row)) === row.record);
  return { rows, bytes: bytes ?? Buffer.alloc(0), isPlain };
}

const emptyLedger = parseLedger('{}', '');

/** The runs in the bytes of a ledger that lies elsewhere; undefined where it is none. */
export function rowsInLedger(bytes: Buffer): LedgerRow[] | undefined {
  const { text } = textOfFile(bytes);
  const ledger = parseLedger(text ?? '', '');
  if (ledger.kind !== 'ledger') return undefined;
  return ledger.entries.map(({ run: { identifier, relpath, uid, record } }) => ({
    identifier,
    relpath,
    uid,
    record,
  }));
}

/** The bytes of a ledger with these runs, as the original lays it out. */
export function ledgerBytes(rows: readonly LedgerRow[]): Buffer {
  return serializeLedger(rows.map((row) => ({ ...row, record: layOutRecord(jsonText(row.record)) })));
}
