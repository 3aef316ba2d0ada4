import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { bookPath, isInside } from '../../base/paths.ts';
import type { ReceiptRecord } from '../../formats/receipts/record.ts';
import type { RunRecord } from '../../runs/record.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { readRuns } from '../../store/runs/read-runs.ts';
import { getReceipt } from './find-receipt.ts';

/** Something that can be compared with another of its kind. */
export interface Subject {
  /** What to call it: the path of a receipt or the key of a run. */
  name: string;
  kind: 'receipt' | 'run';
  receipt: ReceiptRecord | undefined;
  run: RunRecord | undefined;
}

/** Where ids are looked up; what is read once serves both sides of a comparison. */
export interface SubjectWorld {
  root: string;
  from: string;
  runs(): Promise<RunRecord[]>;
}

/** One way to understand an id; undefined where it is not meant for it. */
type SubjectResolver = (id: string, world: SubjectWorld) => Promise<Subject | undefined>;

/** In the order in which they are tried; further kinds of ids are further resolvers. */
const resolvers: readonly SubjectResolver[] = [receiptFile, runOfFolder, runByKey];

/** A world that reads runs when they are first asked for. */
export function openSubjects(root: string, from: string): SubjectWorld {
  let runs: Promise<RunRecord[]> | undefined;
  const read = async () => {
    const { config } = await readConfigFile(root);
    return readRuns(root, config.runs);
  };
  return { root, from, runs: () => (runs ??= read()) };
}

/**
 * What an id means: the path of a run.lock (the receipt alone), the folder of a run, or the key of a run.
 * @throws DaybookError `not-found` where nothing has this id, `bad-input` where a named file is no receipt.
 */
export async function resolveSubject(id: string, world: SubjectWorld): Promise<Subject> {
  for (const resolver of resolvers) {
    const subject = await resolver(id, world);
    if (subject !== undefined) return subject;
  }
  throw new DaybookError(
    'not-found',
    `Expected a run.lock, the folder of a run or the key of one, found nothing called "${id}".`,
    {
      where: id,
      hint: 'daybook runs lists the keys of all runs.',
    },
  );
}

async function receiptFile(id: string, { root, from }: SubjectWorld): Promise<Subject | undefined> {
  const path = [resolve(from, id), resolve(root, id)].find((each) => statOf(each)?.isFile() === true);
  if (path === undefined) return undefined;
  const receipt = getReceipt(root, path, from);
  return { name: receipt.file, kind: 'receipt', receipt, run: undefined };
}

/** A folder may lie outside of the book; then only its receipt is known. */
async function runOfFolder(id: string, world: SubjectWorld): Promise<Subject | undefined> {
  const { root, from } = world;
  for (const folder of [resolve(from, id), resolve(root, id)]) {
    if (statOf(folder)?.isDirectory() !== true) continue;
    const place = bookPath(root, folder);
    const here = isInside(root, folder) ? (await world.runs()).filter((run) => run.place === place) : [];
    if (here.length === 1) return runSubject(here[0]!);
    if (statOf(join(folder, 'run.lock')) === undefined) continue;
    const receipt = getReceipt(root, folder, from);
    return { name: receipt.file, kind: 'receipt', receipt, run: undefined };
  }
  return undefined;
}

/** The whole key, else its last parts where only one run has them. */
async function runByKey(id: string, world: SubjectWorld): Promise<Subject | undefined> {
  const runs = await world.runs();
  const exact = runs.find(({ key, slug }) => key === id || slug === id);
  if (exact !== undefined) return runSubject(exact);
  const ending = runs.filter(({ key }) => key.endsWith(`/${id}`) || key.endsWith(`:${id}`));
  if (ending.length <= 1) return ending[0] && runSubject(ending[0]);
  const some = ending.slice(0, 3).map(({ key }) => key);
  throw new DaybookError(
    'not-found',
    `Expected the key of one run, found ${ending.length} runs that end in "${id}".`,
    {
      where: id,
      hint: `Name more of it, e.g. ${some.join(', ')}.`,
    },
  );
}

function runSubject(run: RunRecord): Subject {
  return { name: run.key, kind: 'run', receipt: run.receipt, run };
}

/** What stands at a path; a key that is no path at all is none. */
function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
