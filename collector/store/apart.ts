import { reasonOf } from '../base/errors.ts';
import { showText } from '../base/show.ts';
import type { Finding } from '../formats/findings/finding.ts';

/** Reads one file, or one kind of files, so that whatever is wrong with it is a finding and all others are read. */
export async function apart<Record>(
  file: string,
  read: () => Record | Promise<Record>,
  report: (finding: Finding) => void,
): Promise<Record | undefined> {
  try {
    return await read();
  } catch (error) {
    report({
      code: 'unreadable',
      severity: 'error',
      file,
      expected: 'what can be read',
      found: showText(reasonOf(error), 200),
      hint: 'All else is read. Correct what stands there, or move it out of the book.',
    });
    return undefined;
  }
}
