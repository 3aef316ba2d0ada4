import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DaybookError, systemCodeOf } from '../../base/errors.ts';
import { isSafeId } from '../../base/paths.ts';
import { uncoveredCode } from '../../formats/receipts/code.ts';
import type { ReceiptRecord, ReceiptRepository } from '../../formats/receipts/record.ts';
import { readReceipt } from '../../store/receipts/receipt-files.ts';
import { restoreCode } from '../../store/receipts/restore-code.ts';
import { getReceipt } from './find-receipt.ts';

/** What is to be brought back, and where to; paths are relative to `from`. */
export interface RestoreRequest {
  run: string;
  into: string;
  from: string;
  /** Writes into a folder that holds something, over files of the same name. */
  force: boolean;
}

/** What became of one repository. */
export interface RestoredRepository {
  name: string;
  /** Absolute folder it was written to; undefined where it could not be. */
  folder: string | undefined;
  files: number;
  tree: string | undefined;
  /** Why it is not there; undefined where it is. */
  why: string | undefined;
  /** Parts of it that are not there. */
  missing: { path: string; why: string }[];
}

/**
 * Writes the code of a run into an empty folder: one repository into the folder itself, several into one subfolder each.
 * The code of a task is that of its sweep.
 * @throws DaybookError `not-found` where there is no receipt or it names no code; `exists` where the folder is not empty.
 */
export async function restoreReceipt(root: string, request: RestoreRequest): Promise<RestoredRepository[]> {
  const record = getReceipt(root, request.run, request.from);
  const repos = Object.entries(reposOf(root, record));
  if (repos.length === 0) {
    throw new DaybookError(
      'not-found',
      `${record.file} names no repository: there is no code to bring back.`,
      {
        where: record.file,
        hint: 'Receipts record code with --repo.',
      },
    );
  }
  const into = resolve(request.from, request.into);
  if (!request.force) refuseFull(into, request.into);
  const restored: RestoredRepository[] = [];
  for (const [at, [name, repo]] of repos.entries()) {
    const own = isSafeId(name) ? name : `repository-${at + 1}`;
    restored.push(await restoreOne(root, name, repo, repos.length === 1 ? into : join(into, own)));
  }
  return restored;
}

/** A task of a sweep has the code of its parent, and that may have one, too. */
function reposOf(root: string, record: ReceiptRecord): Record<string, ReceiptRepository> {
  let current: ReceiptRecord | undefined = record;
  for (let step = 0; current !== undefined && step < 10; step++) {
    if (Object.keys(current.repos).length > 0) return current.repos;
    current = current.parent === undefined ? undefined : readReceipt(root, current.parent).record;
  }
  return record.repos;
}

function refuseFull(into: string, shown: string): void {
  try {
    if (readdirSync(into).length === 0) return;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return;
  }
  throw new DaybookError('exists', `Expected an empty or new folder at ${shown}, found something in it.`, {
    where: shown,
    hint: 'Name another folder, or write over what is there with --force.',
  });
}

async function restoreOne(
  root: string,
  name: string,
  repo: ReceiptRepository,
  folder: string,
): Promise<RestoredRepository> {
  try {
    const { tree, files, missing } = await restoreCode(repo, resolve(root, repo.path ?? '.'), folder);
    const told = new Set(missing.map(({ path }) => path));
    const unknown = uncoveredCode(repo).filter(({ path }) => !told.has(path));
    return {
      name,
      folder,
      files,
      tree,
      why: undefined,
      missing: [...missing, ...unknown],
    };
  } catch (error) {
    if (!(error instanceof DaybookError)) throw error;
    const why = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
    return { name, folder: undefined, files: 0, tree: undefined, why, missing: [] };
  }
}
