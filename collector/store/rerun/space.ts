import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { isInside } from '../../base/paths.ts';
import type { ReceiptRepository } from '../../formats/receipts/record.ts';
import { openCodeRepository } from '../receipts/code-repository.ts';
import { restoreCode } from '../receipts/restore-code.ts';
import { makeGitFolder } from './git-folder.ts';

/** A folder in which a command can be run again: the recorded code, laid out as it lay when it was recorded. */
export interface RerunSpace {
  /** Where everything lies below. */
  folder: string;
  /** Where something lies now that lay at this absolute path; undefined where it is not below what was laid out. */
  placeOf(path: string): string | undefined;
  /** Absolute folders whose content is laid out: repositories and the book. */
  origins: string[];
  /** Parts of the code that could not be brought back. */
  missing: { path: string; why: string }[];
  /** What is not from the record, as sentences. */
  notes: string[];
}

/** What is laid out: code, and the places that must keep their way to each other. */
export interface SpaceRequest {
  repos: readonly ReceiptRepository[];
  /** Where the command is run. */
  cwd: string;
  /** Absolute paths of data. */
  data: readonly string[];
  /** Absolute paths of outputs: what is written there shall be written in the folder of the rerun. */
  outputs: readonly string[];
}

/**
 * Brings the recorded code back into a folder. Repositories, the book, the folder the command was run in and data near
 * them lie to each other as they did. Git answers there as it did: with the recorded HEAD and branch, in a repository of
 * its own that borrows the objects, so that nothing is registered in the one it comes from.
 * @throws DaybookError `not-found` or `git` where the code of a repository is not to be had.
 */
export async function layOut(
  root: string,
  { repos, cwd, data, outputs }: SpaceRequest,
  folder: string,
): Promise<RerunSpace> {
  const placed: { top: string; repo: ReceiptRepository }[] = [];
  for (const repo of repos) {
    const { top } = await openCodeRepository(resolve(root, repo.path ?? '.'));
    placed.push({ top, repo });
  }
  const outer = outputs.map((path) => dirname(realOf(path)));
  const base = baseOf(
    [...placed.map(({ top }) => top), realOf(cwd), realOf(root), ...outer],
    data.map(realOf),
  );
  const space: RerunSpace = {
    folder,
    placeOf(path) {
      const whole = realOf(path);
      return isInside(base, whole) ? join(folder, relative(base, whole)) : undefined;
    },
    origins: [
      ...new Set([root, realOf(root), ...placed.map(({ top }) => top), ...outputs, ...outputs.map(realOf)]),
    ],
    missing: [],
    notes: [],
  };
  // The outer ones first: what lies inside of another is put into it.
  placed.sort((a, b) => a.top.length - b.top.length);
  for (const { top, repo } of placed) {
    const into = join(folder, relative(base, top));
    const { missing } = await restoreCode(repo, top, into);
    space.missing.push(...missing);
    const trouble = await makeGitFolder(repo, top, into);
    if (trouble !== undefined) space.notes.push(`git cannot be asked in the folder of the rerun: ${trouble}`);
  }
  for (const place of [cwd, root, ...outer]) mkdirSync(space.placeOf(place)!, { recursive: true });
  for (const place of new Set([...placed.map(({ top }) => top), realOf(cwd)])) linkTools(place, space);
  return space;
}

/** Puts a link to data at the place where the command looks for it, over what lies there. */
export function linkData(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  rmSync(to, { recursive: true, force: true });
  symlinkSync(from, to);
}

/** Removes the folder of a rerun; links in it are removed, not what they lead to. */
export function removeRerunFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** An empty folder at a place that a person named. @throws DaybookError `exists` where something is in it. */
export function makeEmptyFolder(folder: string, shown: string): string {
  const isEmpty =
    statSync(folder, { throwIfNoEntry: false })?.isDirectory() && readdirSync(folder).length === 0;
  if (existsSync(folder) && !isEmpty) {
    throw new DaybookError('exists', `Expected an empty or new folder at ${shown}, found something there.`, {
      where: shown,
      hint: 'Name another folder with --keep.',
    });
  }
  mkdirSync(folder, { recursive: true });
  return realpathSync(folder);
}

/** With links resolved as far as the path is there. */
export function realOf(path: string): string {
  const absolute = resolve(path);
  if (existsSync(absolute)) return realpathSync(absolute);
  const up = dirname(absolute);
  return up === absolute ? absolute : join(realOf(up), absolute.slice(up.length));
}

/** The folder around all of it; data belongs to it where that does not lead up to where everything lies. */
function baseOf(places: readonly string[], data: readonly string[]): string {
  let base = places.reduce(commonFolder);
  for (const path of data) {
    const common = commonFolder(base, path);
    if (common.split('/').filter(Boolean).length >= 2) base = common;
  }
  return base;
}

function commonFolder(a: string, b: string): string {
  let common = a;
  while (!isInside(common, b)) common = dirname(common);
  return common;
}

/** Installed packages are no code of the run, and it cannot do without: those that lie beside the code are linked. */
function linkTools(origin: string, { placeOf, notes }: RerunSpace): void {
  const place = placeOf(origin);
  if (place === undefined || !existsSync(origin)) return;
  for (const entry of readdirSync(origin, { withFileTypes: true })) {
    const [from, to] = [join(origin, entry.name), join(place, entry.name)];
    if (existsSync(to) || !isToolFolder(from, entry.name)) continue;
    linkData(from, to);
    notes.push(`${entry.name} is not in the recorded code: the one that is there now is taken.`);
  }
}

function isToolFolder(path: string, name: string): boolean {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
  return name === 'node_modules' || ['pyvenv.cfg', 'conda-meta'].some((mark) => existsSync(join(path, mark)));
}
