import { type JoinedRows, joinLedgers, type LedgerRow } from '../../../formats/ledger/join.ts';
import { keyText, type Renumbered } from '../../../formats/ledger/record.ts';
import { ledgerFiles } from '../../../store/ledger/ledger-files.ts';
import {
  ledgerBytes,
  readLedgerRows,
  rewriteLedger,
  rowsInLedger,
} from '../../../store/ledger/rewrite-ledger.ts';
import { bringTheirs, type JoinContext, type JoinedFile, type OwnFile, publishOwn } from './join-context.ts';
import { showRows } from './shown-file.ts';

/** How long a sync waits for someone who holds a ledger. */
const maxWaitMs = 10_000;

/** Joins the runs of a ledger, here under the locks of those who record in it. */
export async function joinLedgerFile(
  context: JoinContext,
  { path, their }: JoinedFile,
  own: OwnFile | undefined,
): Promise<void> {
  const { joined, masking, memory, place, root, store, wish } = context;
  if (their === undefined) {
    const oid = await publishOwn(context, path, own!);
    if (oid !== undefined) context.agreeOn(path, oid);
    return;
  }
  if (own !== undefined && memory.isAgreed(path, own.oid, their)) return;
  const [theirBytes] = await place.objects.blobs([their]);
  const theirRows = rowsInLedger(theirBytes!);
  // The name is common.
  if (theirRows === undefined) return;
  if (own === undefined) {
    if (await bringTheirs(context, path, their, 'ledger')) context.agreeOn(path, their);
    return;
  }
  const base = memory.isPast(path, their) ? theirRows : await baseOf(context, path);
  const files = ledgerFiles(root, path);
  const join = (rows: readonly LedgerRow[]) => joinLedgers(showRows(rows, masking), theirRows, base);
  let result = join(readLedgerRows(files)?.rows ?? []);
  if (result.isChangedHere) {
    const change = (rows: LedgerRow[]) => {
      result = join(rows);
      if (!result.isChangedHere) return undefined;
      return { rows: result.rows.map(({ here }) => here), renumbered: result.renumbered };
    };
    await rewriteLedger(files, change, { maxWaitMs });
    joined.received++;
    joined.notes.push(...result.renumbered.map((each) => renumberedNote(context, path, each)));
  }
  let oid = their;
  if (result.isChangedThere) {
    if (!wish.publish) return;
    oid = await store.put(ledgerBytes(inOrderOf(theirRows, result)));
    context.put(path, oid);
  }
  context.agreeOn(path, oid);
}

/** The ledger as both had it last, as far as git still has it. */
async function baseOf({ memory, place }: JoinContext, path: string): Promise<LedgerRow[] | undefined> {
  const agreed = memory.of(path)?.agreed;
  if (agreed === undefined) return undefined;
  const [bytes] = await place.objects.blobs([agreed]).catch(() => []);
  return bytes === undefined ? undefined : rowsInLedger(bytes);
}

/** The branch keeps its order, so that clones do not push theirs back and forth. */
function inOrderOf(theirs: readonly LedgerRow[], { rows }: JoinedRows): LedgerRow[] {
  const places = new Map(theirs.map((row, at) => [keyText(row), at]));
  const placeOf = (row: LedgerRow) => places.get(keyText(row)) ?? theirs.length;
  return rows.map(({ shown }) => shown).sort((a, b) => placeOf(a) - placeOf(b));
}

function renumberedNote({ place }: JoinContext, path: string, { from, uid }: Renumbered): string {
  const branch = place.remote === '' ? place.branch : `${place.remote}/${place.branch}`;
  const space = from.relpath === '' ? from.identifier : `${from.identifier} in ${from.relpath}`;
  return `${path}: on ${branch} ${from.uid} of ${space} is another run; the one from here is ${uid} now.`;
}
