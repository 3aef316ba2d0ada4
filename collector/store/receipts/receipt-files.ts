import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { writeFileAtomic, writeNewFile } from '../../base/atomic-file.ts';
import { DaybookError } from '../../base/errors.ts';
import { sha256Hex } from '../../base/hash.ts';
import { bookPath } from '../../base/paths.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { parseReceipt } from '../../formats/receipts/receipt.ts';
import type { ReceiptRecord } from '../../formats/receipts/record.ts';
import { textOfFile } from '../../formats/text/file.ts';
import {
  readRecorded,
  readRecordedIfAny,
  refuseObstacle,
  sizeOfRecorded,
  whyUnreadable,
} from '../recorded-file.ts';

/** Receipts are text that a run leaves once: one larger than this is not what it says. */
const maxBytes = 256 * 1024 * 1024;

/**
 * One run.lock, named by its path relative to the book or absolute. What cannot be read is a finding; without a record
 * there is no receipt. Never throws.
 */
export function readReceipt(root: string, path: string): { record?: ReceiptRecord; findings: Finding[] } {
  const absolute = resolve(root, path);
  const file = bookPath(root, absolute);
  try {
    if (sizeOfRecorded(absolute) > maxBytes) return { findings: [tooLarge(file)] };
    const bytes = readRecorded(absolute);
    const { text, remark } = textOfFile(bytes);
    const remarks = remark === undefined ? [] : [{ ...remark, file }];
    if (text === undefined) return { findings: remarks };
    const zero = text.indexOf('\u0000');
    if (zero !== -1) return { findings: [binary(zero, file)] };
    const digest = `sha256:${sha256Hex(bytes)}`;
    const receipt = parseReceipt(text, { file, bytes: bytes.length, digest });
    return { ...receipt, findings: [...remarks, ...receipt.findings] };
  } catch (error) {
    const found = whyUnreadable(absolute, error);
    const hint = 'Check that the file exists and that you may read it.';
    return {
      findings: [{ code: 'unreadable', severity: 'error', file, expected: 'a readable file', found, hint }],
    };
  }
}

/**
 * Puts a receipt where another one stands, whole. `replaces` is the digest of that one; anything else that came to stand
 * there in the meantime stays.
 * @throws DaybookError `exists`, `unwritable` or `disk-full`.
 */
export function writeReceipt(path: string, text: string, replaces: string): void {
  refuseObstacle(path, 'unwritable');
  if (digestOf(path) !== replaces) throw inTheWay(path);
  writeFileAtomic(path, text);
}

/** Puts a new receipt in place whole; false where anything stands there by then. @throws DaybookError `unwritable` or `disk-full`. */
export function addReceipt(path: string, text: string): boolean {
  return writeNewFile(path, text);
}

/**
 * Keeps a receipt that another is about to replace: below its folder, as a run of its own, which every reader finds and
 * nothing overwrites. Its new path.
 */
export function keepReplaced(path: string): string {
  const bytes = readRecorded(path);
  for (let number = 1; ; number++) {
    const folder = join(dirname(path), number === 1 ? 'replaced' : `replaced_${number}`);
    const kept = join(folder, basename(path));
    if (!existsSync(folder) && writeNewFile(kept, bytes)) return kept;
  }
}

/** The receipts that stood at a path (relative to the book, or absolute) and were replaced, relative to the book. */
export function replacedReceipts(root: string, path: string): string[] {
  const [folder, name] = [dirname(resolve(root, path)), basename(path)];
  try {
    const folders = readdirSync(folder).filter((each) => /^replaced(?:_\d+)?$/.test(each));
    return folders
      .map((each) => join(folder, each, name))
      .filter((each) => existsSync(each))
      .map((each) => bookPath(root, each));
  } catch {
    return [];
  }
}

/** "sha256:…" of a file as it is now; undefined where it is gone. */
function digestOf(path: string): string | undefined {
  const bytes = readRecordedIfAny(path);
  return bytes === undefined ? undefined : `sha256:${sha256Hex(bytes)}`;
}

function inTheWay(path: string): DaybookError {
  return new DaybookError('exists', `Another run.lock came to stand at ${path} in the meantime.`, {
    where: path,
    hint: 'Look at it, then run the command again; --out names another place.',
  });
}

function tooLarge(file: string): Finding {
  return {
    code: 'too-long',
    severity: 'error',
    file,
    expected: `at most ${maxBytes / 1024 / 1024} MiB`,
    found: 'a larger file',
    hint: 'Issue the receipt without --manifest.',
  };
}

function binary(zero: number, file: string): Finding {
  return {
    code: 'binary',
    severity: 'error',
    file,
    expected: 'text',
    found: `a zero byte at character ${zero}`,
    hint: 'The disk may have lost the content: take the file from a copy, or issue the receipt again.',
  };
}
