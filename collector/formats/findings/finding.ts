/** What kinds of finding there are, and what each means. */
export const findingMeanings = {
  'broken-json': 'The text is not JSON, or holds what JSON does not have.',
  'broken-yaml': 'The text is not YAML, or not of the kind that programs write.',
  truncated: 'The file or line ends in the middle.',
  'torn-line': 'A writer was stopped half way through a line; nothing that was acknowledged is missing.',
  binary: 'There is binary data where text was expected.',
  'not-utf8': 'The bytes are not plain UTF-8.',
  'lfs-pointer': 'A Git LFS pointer stands in place of the file, which was not downloaded.',
  'joined-lines': 'Several records, or a record and a piece of another, stand on one line.',
  'empty-file': 'The file has no bytes.',
  'wrong-shape': 'The JSON is whole but is not a record of the expected kind.',
  'wrong-schema': 'The file has the right name and another kind of content.',
  'too-deep': 'The value is nested deeper than is safe to handle.',
  'too-long': 'The line is too long to hold in memory.',
  'bad-checksum': 'The line is not what was written: altered, or two lines glued together.',
  'bad-time': 'No time could be read.',
  'missing-blob': 'Large details that should lie in snapshots/blobs are not there.',
  'damaged-blob': 'Large details do not have the digest their line names.',
  unreadable: 'The file could not be read.',
  'bad-config': 'daybook.yaml has a key or value that is not understood.',
  'latest-differs': 'latest_periodic.json is not a copy of the newest snapshot.',
  'archived-differs':
    'A snapshot stands in a file and, otherwise, in a segment; the one in the file is shown.',
  'repeated-line': 'The same line stands in the log more than once; it is one action.',
  'unlogged-action': 'An action has a file of its own and no line in the log.',
  'not-a-receipt': 'A file called run.lock holds something else.',
  'repeated-key': 'A map names a key twice; the last one counts.',
  'unsafe-yaml': 'The YAML uses what is not read for safety: tags, too many aliases, too much nesting.',
  'lineage-cycle': 'A chain of previous stages comes back to itself.',
  'torn-ledger':
    'The ledger ends in the middle; a writer that replaces it in place was read or stopped half way.',
  'stale-run': 'A run says it is running, but the process that ran it is gone.',
  'moved-run': 'A run had to take another number, because another program had given its own to another run.',
  'missing-artifact': 'A run names a file that is not there.',
  'best-differs': 'A best value of a run does not occur in its metrics.',
  'unjoined-run': 'Several runs lie at the same place, so that a file there cannot be given to one of them.',
  'damaged-version': 'The content or metadata of a version is not what was saved.',
  'missing-version': 'A version is listed, but its content or metadata is not there.',
  'python-only': 'A version holds what only Python can read.',
  'damaged-registry': 'The list of versions cannot be read; it is made again from their metadata.',
  'similar-versions': 'Names of versions differ only in case or accents; some systems take them for one.',
  'waiting-records': 'Records that could not be written wait in the spool, outside the book.',
  'left-out': 'There is more than the pages can show; the file has all of it.',
  'not-read': 'It looks like what another program recorded, and this version does not read it.',
  unshown: 'A part of the dashboard could not be made; all others are whole.',
  silent: 'Recording has been silent for longer than before, or snapshots of the schedule are missing.',
  'git-refuses': 'Git does not open the repository, so that records lack what it would say.',
  leftover: 'A writer that did not finish left a temporary file.',
  unpublished: 'A rule of git keeps files of the book out of commits: they are recorded and never published.',
} as const;

/** What kind of thing a check noticed. */
export type FindingCode = keyof typeof findingMeanings;

/** How much a finding matters: an error hides data, a warning may, a note is only worth knowing. */
export type Severity = 'error' | 'warning' | 'note';

/** One thing a check noticed: where, what was expected, what was found, what to do. */
export interface Finding {
  code: FindingCode;
  severity: Severity;
  /** Path relative to the book, with forward slashes, e.g. "snapshots/action_log.jsonl". */
  file: string;
  /** Line number from 1, where the file has lines. */
  line?: number;
  /** JSON path inside the record, e.g. "action.type". */
  path?: string;
  /** What was expected, as a phrase, e.g. "a JSON object with action.type". */
  expected: string;
  /** What was found, as a phrase, shortened and free of control characters. */
  found: string;
  /** What to do about it, as one sentence. */
  hint: string;
}
