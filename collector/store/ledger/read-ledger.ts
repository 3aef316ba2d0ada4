import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../base/json/json.ts';
import { bookPath } from '../../base/paths.ts';
import { showText } from '../../base/show.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { type ParsedJournal, parseJournal } from '../../formats/ledger/journal.ts';
import { type ParsedLedger, parseLedger } from '../../formats/ledger/ledger.ts';
import { type LedgerKey, type LedgerRun, parseLedgerRecord, pathPart } from '../../formats/ledger/record.ts';
import { LedgerState, type RunState } from '../../formats/ledger/state.ts';
import { textOfFile } from '../../formats/text/file.ts';
import { readRecordedIfAny, whyUnreadable } from '../recorded-file.ts';
import { type LedgerFiles, ledgerFiles } from './ledger-files.ts';
import { lastGoodState } from './torn-ledger.ts';

type Report = (finding: Finding) => void;

/**
 * All runs of a ledger in the order of its file, with what the journal beside it says folded in. `file` is relative to the
 * book. A file of that name which is no ledger gives no runs and no findings. Never fails and never writes: a ledger that
 * is torn, because someone is writing it in place or died over it, is read again for a while, and then taken from what is
 * whole in it, from git and from the journal, which a finding says.
 */
export async function readLedger(
  root: string,
  file: string,
  report: Report = () => undefined,
): Promise<LedgerRun[]> {
  const files = ledgerFiles(root, file);
  const { ledger, journal } = await readTexts(files, report);
  if (ledger === undefined) return [];
  for (const finding of [...ledger.findings, ...journal.findings]) report(finding);
  const entries = ledger.kind === 'torn' ? await lastGoodState(files, ledger, report) : ledger.entries;
  for (const moved of journal.header?.moved ?? []) report(movedRun(files, moved, moved.to));
  if (journal.operations.length === 0) return entries.map(({ run }) => run);
  const state = new LedgerState(entries);
  state.apply(journal.operations);
  for (const { from, uid } of state.renumbered) report(movedRun(files, from, uid));
  const known = new Map<JsonObject, LedgerRun>(entries.map(({ run }) => [run.record, run]));
  return [...state.runs.values()].map((run) =>
    withOwner(known.get(run.record) ?? runOf(run, files.file), run),
  );
}

function movedRun({ file }: LedgerFiles, { identifier, relpath, uid }: LedgerKey, to: string): Finding {
  return {
    code: 'moved-run',
    severity: 'note',
    file,
    path: `${pathPart(identifier)}${pathPart(relpath)}${pathPart(to)}`,
    expected: `the uid it was given, ${showText(uid, 60)}`,
    found: `${showText(to, 60)}, because another run stands under ${showText(uid, 60)}`,
    hint: 'Nothing is lost. Anyone who was given the old uid goes on with the new one; files of both may lie in the folder of the old one.',
  };
}

function withOwner(run: LedgerRun, { owner }: RunState): LedgerRun {
  return owner === undefined ? run : { ...run, owner };
}

/** A run that the journal changed; what is odd in its record was reported when the file was read. */
function runOf(state: RunState, file: string): LedgerRun {
  return parseLedgerRecord(state, file, state.record, () => undefined);
}

/** How often a ledger that stands still is read, and how long one is that others keep writing. */
const maxTries = 12;
const maxWaitMs = 10_000;

interface Texts {
  /** Undefined where there is no ledger at all. */
  ledger: ParsedLedger | undefined;
  journal: ParsedJournal;
}

/**
 * The journal is read before the ledger, and once more behind it: a journal that was folded in in the meantime is another one
 * then, and both are read again. A ledger that is not whole may be whole a moment later.
 */
async function readTexts(files: LedgerFiles, report: Report): Promise<Texts> {
  const began = Date.now();
  let seen = stampOf(files.path);
  for (let tries = 1; ; tries++) {
    const last = tries >= maxTries || Date.now() - began > maxWaitMs || (tries > 1 && !isFresh(files.path));
    const journal = readJournal(files, last ? report : () => undefined);
    const ledger = readText(files, journal, last ? report : () => undefined);
    if (last || (isWhole(ledger) && journalName(files) === journal.header?.journal)) {
      if (!last && ledger === undefined) readText(files, journal, report);
      return { ledger, journal };
    }
    if (!isWhole(ledger) && !isFresh(files.path)) continue;
    await sleep(Math.min(2 ** tries, 60) * (0.5 + Math.random()));
    // Who writes at this moment will be done with it; only a file that stands still was left so.
    const now = stampOf(files.path);
    if (now !== seen) tries = 1;
    seen = now;
  }
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return `${stat?.ino} ${stat?.size} ${stat?.mtimeMs}`;
}

/** A file that nobody has touched for a while is not being written. */
function isFresh(path: string): boolean {
  const changedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return changedMs !== undefined && Date.now() - changedMs < freshMs;
}

const freshMs = 5000;

function isWhole(ledger: ParsedLedger | undefined): boolean {
  return ledger === undefined || ledger.kind === 'ledger' || ledger.kind === 'other';
}

/** Reads the ledger; where only a journal is there, the ledger is an empty one. */
function readText(files: LedgerFiles, journal: ParsedJournal, report: Report): ParsedLedger | undefined {
  const bytes = readBytes(files.path, files, report);
  if (bytes === 'unreadable') return undefined;
  if (bytes === undefined) {
    const isOurs = journal.operations.length > 0;
    return isOurs ? { kind: 'ledger', entries: [], hasOdd: false, findings: [], renumbered: [] } : undefined;
  }
  const { text, remark } = textOfFile(bytes);
  const isOurs = journal.header !== undefined;
  if (text === undefined) {
    // The name is common: without a journal it may be the pointer to anything.
    report({ ...remark!, severity: isOurs ? 'error' : 'note', file: files.file });
    return undefined;
  }
  const ledger = parseLedger(text, files.file);
  if (remark !== undefined && (isOurs || ledger.kind !== 'other'))
    ledger.findings.unshift({ ...remark, file: files.file });
  // What nothing else tells apart is a torn ledger where a journal lies beside it.
  return ledger.kind === 'other' && isOurs ? parseLedger('', files.file) : ledger;
}

function readJournal(files: LedgerFiles, report: Report): ParsedJournal {
  const bytes = readBytes(files.journal, files, report);
  const file = bookPath(files.root, files.journal);
  return parseJournal(bytes === undefined || bytes === 'unreadable' ? Buffer.alloc(0) : bytes, file);
}

function journalName(files: LedgerFiles): string | undefined {
  return readJournal(files, () => undefined).header?.journal;
}

function readBytes(path: string, files: LedgerFiles, report: Report): Buffer | 'unreadable' | undefined {
  try {
    return readRecordedIfAny(path);
  } catch (error) {
    report({
      code: 'unreadable',
      severity: 'error',
      file: bookPath(files.root, path),
      expected: 'a ledger that may be read',
      found: whyUnreadable(path, error),
      hint: 'Check what stands there and who may read it.',
    });
    return 'unreadable';
  }
}
