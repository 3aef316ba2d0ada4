import { DaybookError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { nearest } from '../../base/nearest.ts';
import { showText } from '../../base/show.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import type { LedgerKey, LedgerRun } from '../../formats/ledger/record.ts';
import { serializeLedger } from '../../formats/ledger/serialize.ts';
import { compareUids } from '../../formats/ledger/uid.ts';
import { readLedger } from '../../store/ledger/read-ledger.ts';
import type { ListOptions } from '../list-options.ts';

type Report = (finding: Finding) => void;

/** Which runs to list; what is left out is not asked for. */
export interface RunFilter extends ListOptions {
  identifier?: string | undefined;
  relpath?: string | undefined;
  /** A word of the ledger or the status it stands for. */
  status?: string | undefined;
  paramHash?: string | undefined;
}

/** One run of a ledger. @throws DaybookError `not-found` that names the nearest. */
export async function getRun(root: string, file: string, key: LedgerKey, report: Report): Promise<LedgerRun> {
  const runs = await readLedger(root, file, report);
  const found = runs.find(
    ({ identifier, relpath, uid }) =>
      identifier === key.identifier && relpath === key.relpath && uid === key.uid,
  );
  if (found === undefined) throw notFound(file, runs, key);
  return found;
}

/** The runs a filter lets through, newest first. */
export async function listRuns(
  root: string,
  file: string,
  filter: RunFilter,
  report: Report,
): Promise<LedgerRun[]> {
  const { identifier, relpath, status, paramHash, limit } = filter;
  const runs = await readLedger(root, file, report);
  return runs
    .filter(
      (run) =>
        (identifier === undefined || run.identifier === identifier) &&
        (relpath === undefined || run.relpath === relpath) &&
        (status === undefined || run.statusWord === status || run.status === status) &&
        (paramHash === undefined || String(run.paramHash ?? '') === paramHash),
    )
    .sort((a, b) => (b.history[0]?.atUs ?? 0) - (a.history[0]?.atUs ?? 0) || compareUids(b.uid, a.uid))
    .slice(0, limit);
}

/** The whole ledger as the original's document, journal included. */
export async function loadLedger(root: string, file: string, report: Report): Promise<string> {
  const runs = await readLedger(root, file, report);
  return serializeLedger(runs.map((run) => ({ ...run, record: jsonText(run.record) }))).toString('utf8');
}

/** A run as lists show it: which one, and its record. */
export function listedRun({ identifier, relpath, uid, record }: LedgerRun): JsonObject {
  return { identifier, relpath, uid, ...record };
}

/** The error for a run that is not there. */
export async function missingRun(root: string, file: string, key: LedgerKey): Promise<DaybookError> {
  return notFound(file, await readLedger(root, file), key);
}

/** The error for an identifier that no run has, with the nearest one. */
export function unknownIdentifier(
  file: string,
  runs: readonly LedgerRun[],
  identifier: string,
): DaybookError {
  const names = [...new Set(runs.map((run) => run.identifier))];
  const near = nearest(identifier, names);
  return new DaybookError('not-found', `${file} has no runs of "${showText(identifier, 60)}".`, {
    where: file,
    hint:
      runs.length === 0
        ? 'It has no runs at all; daybook ledger allocate makes one.'
        : suggestion(near, names, 'It has'),
  });
}

function notFound(
  file: string,
  runs: readonly LedgerRun[],
  { identifier, relpath, uid }: LedgerKey,
): DaybookError {
  const ofName = runs.filter((run) => run.identifier === identifier);
  if (ofName.length === 0) return unknownIdentifier(file, runs, identifier);
  const relpaths = [...new Set(ofName.map((run) => run.relpath))];
  const place =
    relpath === ''
      ? `"${showText(identifier, 60)}"`
      : `"${showText(identifier, 60)}" in ${showText(relpath, 60)}`;
  const error = (hint: string) =>
    new DaybookError('not-found', `${file} has no run "${showText(uid, 40)}" of ${place}.`, {
      where: file,
      hint,
    });
  const elsewhere = ofName.find((run) => run.uid === uid);
  if (!relpaths.includes(relpath) || (elsewhere !== undefined && elsewhere.relpath !== relpath)) {
    const where = elsewhere ?? ofName[0]!;
    return error(
      elsewhere === undefined
        ? suggestion(
            nearest(relpath, relpaths),
            relpaths.map((name) => name || '(the root)'),
            'Its relpaths are',
          )
        : where.relpath === ''
          ? 'There is one without --relpath.'
          : `There is one with --relpath "${showText(where.relpath, 60)}".`,
    );
  }
  const uids = ofName.filter((run) => run.relpath === relpath).map((run) => run.uid);
  const padded = uids.find((each) => /^\d+$/.test(uid) && Number(each) === Number(uid));
  return error(suggestion(padded ?? nearest(uid, uids), uids, 'Its runs are'));
}

function suggestion(near: string | undefined, names: readonly string[], before: string): string {
  if (near !== undefined) return `Did you mean "${showText(near, 60)}"?`;
  const shown = names.slice(0, 8).map((name) => showText(name, 40));
  return `${before} ${shown.join(', ')}${names.length > shown.length ? `, … (${names.length})` : ''}.`;
}
