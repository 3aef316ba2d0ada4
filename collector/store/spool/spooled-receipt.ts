import { basename, dirname, join, resolve } from 'node:path';
import { writeNewFile } from '../../base/atomic-file.ts';
import { readRecordedIfAny } from '../recorded-file.ts';

/**
 * Puts a receipt in place that had to wait. Another one may stand there by now: both are true, so this one stands
 * beside it under the next free name. One whose very text is there already is not written again.
 */
export function takeInReceipt(root: string, file: string, text: string): void {
  const path = resolve(root, file);
  const [, stem, ending] = /^(.*?)(\.[^.]*)?$/.exec(basename(path)) as unknown as [string, string, string?];
  for (let number = 1; ; number++) {
    const name = number === 1 ? basename(path) : `${stem}_${number}${ending ?? ''}`;
    const place = join(dirname(path), name);
    if (writeNewFile(place, text) || isText(place, text)) return;
  }
}

function isText(path: string, text: string): boolean {
  try {
    return readRecordedIfAny(path)?.equals(Buffer.from(text)) === true;
  } catch {
    return false;
  }
}
