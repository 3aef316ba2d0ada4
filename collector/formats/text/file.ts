import { DaybookError } from '../../base/errors.ts';
import { type LfsPointer, parseLfsPointer } from '../../base/lfs-pointer.ts';
import { decodeBytes, type ForeignEncoding } from '../../base/text-encoding.ts';
import type { Finding, Severity } from '../findings/finding.ts';

/** What is to be said of how a file was written, without the place. */
export type TextRemark = Pick<Finding, 'code' | 'severity' | 'expected' | 'found' | 'hint'>;

/** The text of a file; undefined where the file is a Git LFS pointer, whose text nobody meant. */
export interface FileText {
  text: string | undefined;
  remark: TextRemark | undefined;
}

/** Reads the bytes of a file as text, whatever it is written in, and says what is odd about that. */
export function textOfFile(bytes: Buffer): FileText {
  const pointer = parseLfsPointer(bytes);
  if (pointer !== undefined) return { text: undefined, remark: pointerRemark(pointer) };
  const { text, encoding } = decodeBytes(bytes);
  return { text, remark: encoding === undefined ? undefined : encodingRemark(encoding) };
}

/**
 * The text of a file that a command was given; `shown` is how it was named.
 * @throws DaybookError `bad-input` for a Git LFS pointer.
 */
export function requireText(bytes: Buffer, shown: string): string {
  const { text, remark } = textOfFile(bytes);
  if (text !== undefined) return text;
  throw new DaybookError('bad-input', `Expected ${remark!.expected} at ${shown}, found ${remark!.found}.`, {
    where: shown,
    hint: remark!.hint,
  });
}

/** What is to be said of a Git LFS pointer in place of a file. */
export function pointerRemark({ bytes }: LfsPointer): TextRemark {
  return {
    code: 'lfs-pointer',
    severity: 'error',
    expected: 'the file itself',
    found: `a Git LFS pointer to ${bytes} bytes that were not downloaded`,
    hint: lfsHint,
  };
}

/** What brings the files that pointers stand for. */
export const lfsHint = 'Run `git lfs pull` (with git-lfs installed); actions/checkout needs `lfs: true`.';

/** What is to be said of a text that is not plain UTF-8. */
export function encodingRemark(encoding: ForeignEncoding): TextRemark {
  const [severity, found, hint] = remarks[encoding];
  return { code: 'not-utf8', severity, expected: 'UTF-8', found, hint };
}

/** What is to be said of a file of lines of which some are in UTF-16 and others are not. */
export const mixedRemark: TextRemark = {
  code: 'not-utf8',
  severity: 'warning',
  expected: 'UTF-8',
  found: 'lines in UTF-16 among lines in UTF-8',
  hint: 'All are read; other programs stop here. Windows PowerShell appends so with >> and Out-File unless told `-Encoding utf8`: tell it so from now on.',
};

const convert = (name: string) =>
  `It is read; \`iconv -f ${name} -t UTF-8 <file> > <new file>\` converts it.`;
const shell = 'Windows PowerShell writes it with > and Out-File unless told `-Encoding utf8`';
const remarks: Record<ForeignEncoding, [Severity, found: string, hint: string]> = {
  'utf-8-bom': [
    'note',
    'UTF-8 with a byte order mark',
    'It is read; other programs may stumble over it: `tail -c +4 <file> > <new file>` takes the mark away.',
  ],
  'utf-16': ['warning', 'UTF-16', `${convert('UTF-16')} ${shell}.`],
  'utf-16le': ['warning', 'UTF-16 (little-endian, without a mark)', `${convert('UTF-16LE')} ${shell}.`],
  'utf-16be': ['warning', 'UTF-16 (big-endian, without a mark)', convert('UTF-16BE')],
  'utf-32': ['warning', 'UTF-32', convert('UTF-32')],
  'windows-1252': [
    'warning',
    'bytes that are not UTF-8, read as Windows-1252 (Latin-1), which is a guess',
    convert('WINDOWS-1252'),
  ],
  damaged: [
    'warning',
    'bytes that are not UTF-8',
    'Those bytes are shown as \ufffd; restore the file, or convert it to UTF-8 from what it was written in.',
  ],
};
