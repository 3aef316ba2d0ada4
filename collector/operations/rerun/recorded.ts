import { isAbsolute, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { showText } from '../../base/show.ts';
import type { ReceiptRecord, ReceiptRepository } from '../../formats/receipts/record.ts';
import type { RunRecord } from '../../runs/record.ts';
import { newestActions } from '../../store/newest-actions.ts';
import { readReceipt } from '../../store/receipts/receipt-files.ts';
import { getRun } from '../runs/find.ts';

/** What is recorded of how a run was made. */
export interface RecordedRun {
  run: RunRecord;
  /** The run that was the first: its places are those that the command knows. The same where it is no rerun itself. */
  origin: RunRecord;
  receipt: ReceiptRecord | undefined;
  command: readonly string[];
  /** Absolute. */
  cwd: string;
  /** As it is recorded. */
  cwdText: string;
  /** Values of the variables that were recorded; null where one was not set. */
  variables: Readonly<Record<string, string | null>>;
  /** Variables whose value was masked. */
  masked: readonly string[];
  repos: Readonly<Record<string, ReceiptRepository>>;
}

const maskMark = '‹masked: ';

/**
 * All that is needed to run a command again: from the receipt of the run; what that does not say, from the log (the command)
 * and from the experiment (the commit, where nothing was changed on top of it).
 * @throws DaybookError `not-found` that says what is missing and how it is recorded next time.
 */
export async function recordedRun(
  root: string,
  runs: readonly RunRecord[],
  text: string,
): Promise<RecordedRun> {
  const run = getRun(runs, text);
  const { receipt } = run;
  const environment = receipt?.environment ?? {};
  const asked = commandIn(environment) ?? (await loggedCommand(root, run.key));
  const repos = reposOf(root, receipt) ?? committedCode(run);
  const missing = [
    ...(asked === undefined ? ['its command'] : []),
    ...(typeof repos === 'string' ? [repos] : []),
  ];
  if (asked === undefined || typeof repos === 'string') throw lacking(run, missing.join(' and '));
  const secret = asked.command.find((word) => word.includes(maskMark));
  if (secret !== undefined) throw secretWord(run, secret);
  const { variables, masked } = variablesOf(environment);
  const cwdText = asked.cwd ?? '.';
  const cwd = isAbsolute(cwdText) ? cwdText : resolve(root, cwdText);
  return {
    run,
    origin: originOf(runs, run),
    receipt,
    command: asked.command,
    cwd,
    cwdText,
    variables,
    masked,
    repos,
  };
}

function originOf(runs: readonly RunRecord[], run: RunRecord): RunRecord {
  let first = run;
  for (const seen = new Set<RunRecord>(); !seen.has(first); ) {
    seen.add(first);
    const of = first.parents.find(({ kind }) => kind === 'rerun')?.key;
    first = runs.find(({ key }) => key === of) ?? first;
  }
  return first;
}

/** What would have to be recorded for a run to be run again. */
export const howToRecord =
  'daybook exec <type> --lock --repo . --data <path> --output <path> --out <folder> -- <command>';

function lacking(run: RunRecord, what: string): DaybookError {
  return new DaybookError('not-found', `${run.key} cannot be run again: it is not recorded ${what}.`, {
    where: run.receipt?.file ?? run.key,
    hint: `What can be run again is recorded with: ${howToRecord}`,
  });
}

function secretWord({ key, receipt }: RunRecord, word: string): DaybookError {
  const shown = showText(word, 120);
  return new DaybookError(
    'not-found',
    `The command of ${key} held a secret, which was not recorded: ${shown}`,
    {
      where: receipt?.file ?? key,
      hint: 'Run it by hand, and give secrets by environment variables from now on: then a command can be run again.',
    },
  );
}

function commandIn(facts: JsonObject): { command: readonly string[]; cwd: string | undefined } | undefined {
  const { command, cwd } = facts;
  if (!Array.isArray(command) || command.length === 0) return undefined;
  return { command: command.map(wordOf), cwd: typeof cwd === 'string' ? cwd : undefined };
}

/** YAML takes some words for something else. */
function wordOf(value: JsonValue): string {
  return typeof value === 'string' ? value : String(value);
}

/** So many of the newest lines of the log are looked at. */
const lookedAt = 20_000;

/** The command that `daybook exec --run` recorded last for a run. */
async function loggedCommand(root: string, key: string): Promise<ReturnType<typeof commandIn>> {
  const { records } = await newestActions(root, lookedAt);
  for (const { run, details } of records) {
    const found = run === key && isObject(details) ? commandIn(details) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A task of a sweep has the code of its parent. */
function reposOf(root: string, receipt: ReceiptRecord | undefined): ReceiptRecord['repos'] | undefined {
  let current = receipt;
  for (let step = 0; current !== undefined && step < 10; step++) {
    if (Object.keys(current.repos).length > 0) return current.repos;
    current = current.parent === undefined ? undefined : readReceipt(root, current.parent).record;
  }
  return undefined;
}

/** The commit that an experiment names, or why it is not what the run ran with. */
function committedCode({ experiment }: RunRecord): Record<string, ReceiptRepository> | string {
  const commit = experiment?.['git_commit'];
  if (typeof commit !== 'string' || !/^[0-9a-f]{40,64}$/.test(commit)) return 'with which code it ran';
  if (experiment?.['git_dirty'] !== false) return 'what was changed in its code on top of the last commit';
  const branch = experiment['git_branch'];
  const named = typeof branch === 'string' && branch !== '' && branch !== 'HEAD' ? branch : undefined;
  const raw: JsonObject = { commit, is_dirty: false, path: '.', head: commit };
  if (named !== undefined) raw['branch'] = named;
  const code = {
    commit,
    tree: undefined,
    isDirty: false,
    path: '.',
    branch: named,
    remote: undefined,
    head: commit,
  };
  return { code: { ...code, include: [], exclude: [], raw } };
}

function variablesOf(environment: JsonObject): Pick<RecordedRun, 'variables' | 'masked'> {
  const variables: Record<string, string | null> = Object.create(null);
  const masked: string[] = [];
  const recorded = environment['variables'];
  for (const [name, value] of Object.entries(isObject(recorded) ? recorded : {})) {
    if (typeof value === 'string' && value.includes(maskMark)) masked.push(name);
    else variables[name] = value === null ? null : wordOf(value);
  }
  return { variables, masked };
}
