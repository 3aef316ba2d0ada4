import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { bookPath, isInside } from '../../base/paths.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import type { ReceiptRecord } from '../../formats/receipts/record.ts';
import { readReceipt } from '../../store/receipts/receipt-files.ts';

/**
 * The receipt that a person names: its run.lock, the folder it lies in, or the key of the run, which begins like that
 * folder; relative to where the person is, or to the book.
 * @throws DaybookError `not-found`, or `bad-input` where the file is no receipt.
 */
export function getReceipt(root: string, named: string, from: string): ReceiptRecord {
  const path = pathOfReceipt(root, named, from);
  const { record, findings } = readReceipt(root, path);
  if (record !== undefined) return record;
  throw noReceipt(root, path, findings[0]);
}

/** The file that a person names as getReceipt takes it, whatever it holds. @throws DaybookError `not-found`. */
export function pathOfReceipt(root: string, named: string, from: string): string {
  const places = [resolve(from, named), resolve(root, named)];
  const path = places.flatMap((place) => [place, join(place, 'run.lock')]).find(isFile);
  if (path !== undefined) return path;
  throw new DaybookError('not-found', `Expected a run.lock at ${named}, found none there.`, {
    where: named,
    hint: 'Name a run.lock or its folder; daybook runs lists them.',
  });
}

/** What to say of a file that is no receipt. */
export function noReceipt(root: string, path: string, finding: Finding | undefined): DaybookError {
  const file = isInside(root, path) ? bookPath(root, path) : path;
  return new DaybookError(
    'bad-input',
    `Expected a receipt at ${file}, found ${finding?.found ?? 'something else'}.`,
    { where: file, hint: finding?.hint ?? 'Name another file.' },
  );
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
