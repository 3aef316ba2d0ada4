import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { bookPath, isInside } from '../../base/paths.ts';
import { showText } from '../../base/show.ts';
import type { ExperimentRecord } from '../../formats/experiments/experiment.ts';
import { folderOf, lastPartOf } from '../../runs/key.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { readExperiment, trackerName } from '../../store/experiments/read-experiment.ts';
import { findRunFiles } from '../../store/runs/find-run-files.ts';
import type { ListOptions } from '../list-options.ts';

/** The experiments of a book that can be read, newest first. */
export async function listExperiments(
  root: string,
  { limit, report = () => undefined }: ListOptions = {},
): Promise<ExperimentRecord[]> {
  const { config } = await readConfigFile(root);
  const { bySource } = await findRunFiles(root, config.runs, report);
  return bySource['experiment']!.map((file) => readExperiment(root, file, report))
    .filter((record) => record !== undefined)
    .sort((a, b) => (b.createdAtUs ?? 0) - (a.createdAtUs ?? 0))
    .slice(0, limit);
}

/**
 * The file of the experiment that a folder, the file itself, an id or a name means. Folders are looked for from `cwd`
 * first, then from the book; ids among all experiments of the book.
 * @throws DaybookError `not-found` that names what is near; `usage` where an id or name fits several.
 */
export async function findExperiment(root: string, text: string, cwd: string = root): Promise<string> {
  for (const from of [cwd, root]) {
    const file = trackerAt(root, resolve(from, text));
    if (file !== undefined) return file;
  }
  const all = await listExperiments(root);
  const ways: ((record: ExperimentRecord) => boolean)[] = [
    ({ id }) => id === text,
    ({ name, file }) => name === text || lastPartOf(folderOf(file)) === text,
    ({ id, file }) => text.length > 2 && (id.includes(text) || file.includes(text)),
  ];
  for (const way of ways) {
    const fitting = all.filter(way);
    if (fitting.length === 1) return fitting[0]!.file;
    if (fitting.length > 1) throw severalFit(text, fitting);
  }
  const near = nearest(
    text,
    all.flatMap(({ id, name }) => [id, name]),
  );
  throw new DaybookError('not-found', `There is no experiment "${showText(text)}" in this book.`, {
    hint:
      near === undefined
        ? 'Begin it with daybook experiment start <folder>.'
        : `Did you mean ${showText(near)}?`,
  });
}

/** Where a new experiment goes, as its file relative to the book. @throws DaybookError `usage` for a place outside. */
export function placeForExperiment(root: string, text: string, cwd: string = root): string {
  const named = resolve(cwd, text);
  const path = basename(named) === trackerName ? named : join(named, trackerName);
  if (text !== '' && isInside(root, dirname(path))) return bookPath(root, path);
  throw new DaybookError(
    'usage',
    `Expected a folder in the book for the experiment, found "${showText(text)}".`,
    {
      hint: `The book is ${root}.`,
    },
  );
}

/** The file of the experiment in a folder, relative to the book; undefined where there is none, or outside of the book. */
export function trackerAt(root: string, path: string): string | undefined {
  if (!isInside(root, path)) return undefined;
  const file = basename(path) === trackerName ? path : join(path, trackerName);
  return existsSync(file) && statSync(file).isFile() ? bookPath(root, file) : undefined;
}

function severalFit(text: string, fitting: readonly ExperimentRecord[]): DaybookError {
  const shown = fitting.slice(0, 5).map(({ file }) => showText(folderOf(file)));
  const rest = fitting.length > shown.length ? ` and ${fitting.length - shown.length} more` : '';
  return new DaybookError('usage', `"${showText(text)}" fits ${fitting.length} experiments.`, {
    hint: `Name its folder: ${shown.join(', ')}${rest}.`,
  });
}
