import { copyFileSync, existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DaybookError } from '../../base/errors.ts';
import { sha256Hex } from '../../base/hash.ts';
import type { JsonObject, JsonValue } from '../../base/json/json.ts';
import { jsonText, parseJson } from '../../base/json/text.ts';
import { bookPath } from '../../base/paths.ts';
import { compactTime } from '../../base/time.ts';
import {
  type JournalOperation,
  journalVersion,
  type ParsedJournal,
  parseJournal,
} from '../../formats/ledger/journal.ts';
import { type ParsedLedger, parseLedger } from '../../formats/ledger/ledger.ts';
import type { LedgerEntry } from '../../formats/ledger/record.ts';
import { bornUs, keyText, type LedgerKey, own, type Renumbered } from '../../formats/ledger/record.ts';
import { layOutLedger, layOutRecord } from '../../formats/ledger/serialize.ts';
import { LedgerState, type RunState } from '../../formats/ledger/state.ts';
import { requireText } from '../../formats/text/file.ts';
import { readRecordedIfAny } from '../recorded-file.ts';
import { readJournalFrom, readJournalHead } from './journal-file.ts';
import type { LedgerFiles } from './ledger-files.ts';
import type { IndexRow, LedgerIndex } from './ledger-index.ts';
import { isYoung, stampOf } from './ledger-text.ts';
import { lastGoodState } from './torn-ledger.ts';

/**
 * What adopting came to. `must-fold`: the text must be written again at once, because it was torn, it lacks a run, or a run
 * had to take another number. `fold-first`: the same, but the caller cannot do so now, and nothing was adopted.
 */
export type Adopted = 'current' | 'must-fold' | 'fold-first';

/**
 * Takes in what the text of a ledger and its journal say, and makes the rows of the index again from it. The ledger wins,
 * no matter who changed it: runs it lacks are gone, unless the journal has them, which then are put back; where both gave one uid
 * to different runs, ours takes the next free number. `note` hears of all that a person should know.
 * @throws DaybookError `bad-input` where the file is no ledger, or holds what writing it again would lose.
 */
export async function adoptLedger(
  index: LedgerIndex,
  files: LedgerFiles,
  { isLocked, mayFold }: { isLocked: boolean; mayFold: boolean },
  note: (text: string) => void,
): Promise<{ adopted: Adopted; renumbered: readonly Renumbered[] }> {
  const head = readJournalHead(files.journal);
  const { bytes, ledger, stamp } = await readWhole(files, isLocked);
  refuseUnwritable(files, ledger);
  const isTorn = ledger.kind === 'torn';
  if (isTorn && !mayFold) return { adopted: 'fold-first', renumbered: [] };
  const entries = isTorn ? await recover(index, files, ledger, note) : ledger.entries;
  const journal = parseJournal(readJournalFrom(files.journal, 0), bookPath(files.root, files.journal));
  refuseNewer(files, journal);
  const state = new LedgerState(entries, (operation) => recordIn(index, operation));
  if (isTorn) for (const row of [...index.rows()]) putBack(state, row);
  state.apply(journal.operations);
  const renumbered = [...ledger.renumbered, ...state.renumbered];
  // Nobody else may be given a uid that only the journal has.
  const mustFold = isTorn || renumbered.length > 0 || state.runs.size > ledger.entries.length;
  if (mustFold && !mayFold) return { adopted: 'fold-first', renumbered: [] };
  const rows = [...state.runs.values()].map(rowOf);
  index.replaceRows(rows);
  const whole = layOutLedger(rows);
  index.writeMark({
    stamp,
    digest: bytes === undefined ? '' : sha256Hex(bytes),
    text: bytes !== undefined && whole.bytes.equals(bytes) ? 'whole' : 'other',
    last: whole.last,
    isYoung: isYoung(files.path),
    journal: head.journal,
    offset: journal.bytes,
  });
  for (const { from, uid } of renumbered) note(renumberedNote(files, from, uid));
  return { adopted: mustFold ? 'must-fold' : 'current', renumbered };
}

/** What the index still knows of a run that the ledger has no more. */
function recordIn(index: LedgerIndex, operation: JournalOperation): JsonObject | undefined {
  const row = index.find(operation);
  if (row === undefined) return undefined;
  const record = parseJson(row.record) as JsonObject;
  return bornUs(record) === operation.bornUs ? record : undefined;
}

/** The state of a run as a row of the index. */
export function rowOf(run: RunState): IndexRow {
  const hash = own(run.record, 'param_hash');
  return {
    identifier: run.identifier,
    relpath: run.relpath,
    uid: run.uid,
    record: run.raw ?? layOutRecord(jsonText(run.record)),
    paramHash: hash === undefined || hash === null ? undefined : hashText(hash),
    owner: run.owner,
  };
}

function hashText(hash: JsonValue): string {
  return typeof hash === 'string' ? hash : jsonText(hash);
}

/** A file that someone is writing right now is whole a moment later. */
async function readWhole(files: LedgerFiles, isLocked: boolean) {
  for (let tries = 1; ; tries++) {
    const stamp = stampOf(files.path);
    const bytes = readRecordedIfAny(files.path);
    const ledger: ParsedLedger =
      bytes === undefined
        ? { kind: 'ledger', entries: [], hasOdd: false, findings: [], renumbered: [] }
        : parseLedger(requireText(bytes, files.file), files.file);
    const isTorn = ledger.kind === 'torn' || ledger.kind === 'broken';
    const mayChange = stampOf(files.path) !== stamp || (isTorn && !isLocked && isRecent(stamp));
    if (!mayChange || tries === 20) return { bytes, ledger, stamp };
    await sleep(10 + Math.random() * 30);
  }
}

function isRecent(stamp: string): boolean {
  return Date.now() - Number(stamp.split(' ')[1] ?? 0) / 1e6 < 2000;
}

function refuseNewer(files: LedgerFiles, { header }: ParsedJournal): void {
  if (header === undefined || header.version <= journalVersion) return;
  const where = bookPath(files.root, files.journal);
  throw new DaybookError(
    'bad-input',
    `${where} was written by a newer Daybook (version ${header.version}).`,
    {
      where,
      hint: 'Update Daybook; this one would lose what it does not know.',
    },
  );
}

function refuseUnwritable(files: LedgerFiles, { kind, hasOdd, findings }: ParsedLedger): void {
  if (kind === 'other') {
    throw new DaybookError('bad-input', `${files.file} is no ledger: it holds something else.`, {
      where: files.file,
      hint: 'Name another file with --ledger <file>; this one is left alone.',
    });
  }
  if (kind !== 'broken' && !hasOdd) return;
  const found = findings.find(({ severity }) => severity === 'error') ?? findings[0];
  throw new DaybookError('bad-input', `${files.file} cannot be written without losing what stands in it.`, {
    where: found?.line === undefined ? files.file : `${files.file}:${found.line}`,
    hint: `Mend it first: expected ${found?.expected}${found?.path === undefined ? '' : ` at ${found.path}`}, found ${found?.found}.`,
  });
}

/** The last good state of a torn ledger; the torn bytes are kept beside it. */
async function recover(
  index: LedgerIndex,
  files: LedgerFiles,
  ledger: ParsedLedger,
  note: (text: string) => void,
): Promise<LedgerEntry[]> {
  const entries = await lastGoodState(files, ledger, () => undefined);
  const known = index.readMark() !== undefined;
  const kept = files.path.replace(/(\.json)?$/, `.torn-${compactTime(Date.now() * 1000)}.json`);
  if (!existsSync(kept)) copyFileSync(files.path, kept);
  note(
    `${files.file} was torn: ${ledger.entries.length} runs were whole in it; others, if any, come from ${known ? 'the index' : 'the last commit'}; the torn file is kept as ${bookPath(files.root, kept)}.`,
  );
  return entries;
}

/** Runs that only the index still knows, because the text was torn. */
function putBack(state: LedgerState, row: IndexRow): void {
  if (state.runs.has(keyText(row))) return;
  const { identifier, relpath, uid, owner } = row;
  state.runs.set(keyText(row), {
    identifier,
    relpath,
    uid,
    record: parseJson(row.record) as JsonObject,
    raw: row.record,
    owner,
  });
}

function renumberedNote(files: LedgerFiles, from: LedgerKey, uid: string): string {
  const place = from.relpath === '' ? from.identifier : `${from.identifier} in ${from.relpath}`;
  return `${files.file} was changed elsewhere and had given ${from.uid} of ${place} to another run: ours is ${uid} now.`;
}
