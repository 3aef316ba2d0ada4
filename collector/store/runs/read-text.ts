import { join } from 'node:path';
import type { Finding, FindingCode } from '../../formats/findings/finding.ts';
import { textOfFile } from '../../formats/text/file.ts';
import { readRecordedIfAny, sizeOfRecorded, whyUnreadable } from '../recorded-file.ts';

/** Files of runs larger than this are not read whole. */
const maxBytes = 256 * 1024 * 1024;

/**
 * The text of a file of the book, whatever it is written in; undefined where there is none, or where a finding says why
 * it cannot be had.
 */
export function readTextFile(
  root: string,
  file: string,
  what: string,
  report: (finding: Finding) => void,
): string | undefined {
  const path = join(root, file);
  const say = (code: FindingCode, found: string, hint: string) =>
    report({ code, severity: 'error', file, expected: what, found, hint });
  try {
    const size = sizeOfRecorded(path);
    if (size > maxBytes) {
      say('too-long', `${size} bytes`, 'Keep large data in files of its own.');
      return undefined;
    }
    const bytes = readRecordedIfAny(path);
    if (bytes === undefined) return undefined;
    const { text, remark } = textOfFile(bytes);
    if (remark !== undefined) report({ ...remark, file });
    return text;
  } catch (error) {
    say('unreadable', whyUnreadable(path, error), 'Move away what stands there, or check who may read it.');
    return undefined;
  }
}
