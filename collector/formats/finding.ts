/** What kind of thing a check noticed; docs/formats.md lists the meaning of each. */
export type FindingCode =
  | 'broken-json'
  | 'truncated'
  | 'binary'
  | 'not-utf8'
  | 'empty-file'
  | 'wrong-shape'
  | 'wrong-schema'
  | 'too-deep'
  | 'too-long'
  | 'bad-checksum'
  | 'bad-time'
  | 'missing-blob'
  | 'damaged-blob'
  | 'unreadable'
  | 'bad-config'
  | 'latest-differs'
  | 'unlogged-action'
  | 'repeated-line'
  | 'duplicate-id'
  | 'leftover';

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
