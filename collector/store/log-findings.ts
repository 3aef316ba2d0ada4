import type { Finding } from '../formats/findings/finding.ts';
import { makeFinding } from './line-parser.ts';

/** An action that only a file of its own has. */
export function unlogged(file: string): Finding {
  return makeFinding(
    'unlogged-action',
    'note',
    file,
    undefined,
    'a line with this id in the log',
    'only this file',
    'It is shown; the log may have been cut or merged.',
  );
}

/** A last line without its newline. */
export function unfinished(file: string, line: number, whole: boolean): Finding {
  const hint =
    'It may still be being written; if it stays, `daybook doctor --repair` closes it without losing a byte.';
  return whole
    ? makeFinding(
        'truncated',
        'note',
        file,
        line,
        'a newline at the end of the file',
        'a whole line without one',
        hint,
      )
    : makeFinding('truncated', 'warning', file, line, 'a whole line', 'a line that ends in the middle', hint);
}

/** A line that is too long to be held. */
export function tooLong(file: string, line: number, lengthBytes: number): Finding {
  return makeFinding(
    'too-long',
    'error',
    file,
    line,
    'a line of at most 64 MiB',
    `a line of ${lengthBytes} bytes`,
    'Move the data to a file of its own.',
  );
}

/** A log without a byte. */
export function emptyLog(file: string): Finding {
  return makeFinding(
    'empty-file',
    'note',
    file,
    undefined,
    'at least one line',
    'an empty file',
    'Nothing is lost; record an action or delete the file.',
  );
}

/** A line that is the same as one before it. */
export function repeated({ file, line }: { file: string; line: number }): Finding {
  return makeFinding(
    'repeated-line',
    'note',
    file,
    line,
    'each line once',
    'a line that stands in the log already',
    'It is counted once; nothing needs to be done.',
  );
}
