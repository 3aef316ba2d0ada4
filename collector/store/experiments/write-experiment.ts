import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { DaybookError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { jsonText, parseJson } from '../../base/json/text.ts';
import { isInside } from '../../base/paths.ts';
import { writeErrorOf } from '../../base/system-error.ts';
import type { ExperimentDocuments } from '../../formats/experiments/change.ts';
import { type ExperimentRecord, parseExperiment } from '../../formats/experiments/experiment.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { requireText } from '../../formats/text/file.ts';
import { folderOf, joinPlace } from '../../runs/key.ts';
import { type BookMasking, maskingOf } from '../book-masking.ts';
import { withFileLock } from '../file-lock.ts';
import { readRecordedIfAny, refuseObstacle } from '../recorded-file.ts';
import { besideTrackerName, readBeside } from './read-experiment.ts';

/** Someone who writes the file in place, as the original does, is done within a moment. */
const tries = 6;

/** What a change of an experiment may need from the world. */
export interface ExperimentWriteOptions {
  /** Makes the documents of an experiment that is not there yet; without it that is an error. */
  create?: (() => JsonObject) | undefined;
  onWait?: (waitedMs: number) => void;
}

/**
 * Changes an experiment while nobody else does: reads both documents, lets `change` work on them and puts them in place
 * whole. Fields that nobody knows stay as they are, to the digit. Returns the record as it is then.
 * @throws DaybookError `not-found` without a file, `unreadable` for one that is not whole: it is never written over.
 */
export async function changeExperiment(
  root: string,
  file: string,
  change: (documents: ExperimentDocuments) => void,
  options: ExperimentWriteOptions = {},
): Promise<ExperimentRecord> {
  const path = join(root, file);
  checkPlace(root, path, options.create !== undefined);
  const masking = await maskingOf(root);
  return withFileLock(
    root,
    'experiment',
    file,
    async () => {
      const documents = await readDocuments(root, file, options.create);
      const before = jsonText(documents.beside);
      change(documents);
      maskDocuments(documents, masking);
      const beside = jsonText(documents.beside);
      if (beside !== before && beside !== '{}') {
        write(joinPlace(folderOf(path), besideTrackerName), documents.beside);
      }
      write(path, documents.main);
      const extra = parseJson(beside) as JsonObject;
      return parseExperiment(jsonText(documents.main), file, extra).record!;
    },
    options.onWait,
  );
}

function maskDocuments(documents: ExperimentDocuments, { experiment }: BookMasking): void {
  for (const document of [documents.main, documents.beside]) Object.assign(document, experiment(document));
}

async function readDocuments(
  root: string,
  file: string,
  create: (() => JsonObject) | undefined,
): Promise<ExperimentDocuments> {
  const path = join(root, file);
  for (let left = tries; ; left--) {
    refuseObstacle(path, 'unwritable');
    const bytes = readRecordedIfAny(path);
    if (bytes === undefined) {
      if (create === undefined) throw notThere(file);
      return { main: create(), beside: {}, record: undefined };
    }
    const text = requireText(bytes, file);
    const problems: Finding[] = [];
    const beside = readBeside(root, file, (finding) => problems.push(finding));
    const { record, findings } = parseExperiment(text, file, beside);
    if (record !== undefined && problems.length === 0) return { main: exactly(text, record), beside, record };
    if (left <= 1) throw notWhole(problems[0] ?? findings[0]!);
    await sleep(20);
  }
}

/** The document with its numbers as they were written; a text with NaN in it has its lenient reading. */
function exactly(text: string, record: ExperimentRecord): JsonObject {
  try {
    return parseJson(text) as JsonObject;
  } catch {
    return record.raw;
  }
}

function write(path: string, document: JsonObject): void {
  refuseObstacle(path, 'unwritable');
  writeFileAtomic(path, `${jsonText(document, 2)}\n`);
}

/** An experiment is written in the book and nowhere else, whatever links are on the way. */
function checkPlace(root: string, path: string, isNew: boolean): void {
  let there = dirname(path);
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  if (!isInside(realpathSync(root), realpathSync(there))) {
    throw new DaybookError('unwritable', `${path} does not lie in the book.`, {
      where: path,
      hint: 'Name a folder below the book, or another book with --dir.',
    });
  }
  try {
    if (isNew) mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw writeErrorOf(path, error);
  }
}

function notThere(file: string): DaybookError {
  return new DaybookError('not-found', `There is no experiment at ${folderOf(file) || '.'}.`, {
    where: file,
    hint: 'Begin it with daybook experiment start, or name its folder or id.',
  });
}

function notWhole({ file, expected, found }: Finding): DaybookError {
  return new DaybookError(
    'unreadable',
    `Expected ${expected} in ${file}, found ${found}; nothing was written.`,
    {
      where: file,
      hint: 'Restore the file from git or a backup first; daybook doctor says more.',
    },
  );
}
