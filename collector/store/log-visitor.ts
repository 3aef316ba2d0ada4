import type { ActionRecord } from '../formats/actions/action.ts';
import type { Finding } from '../formats/findings/finding.ts';
import type { LogSegment } from './layout.ts';
import type { PackedLines } from './seen-lines.ts';
import type { HarmlessLine } from './torn-lines.ts';

/** What reading the whole log came to. lines + joined = records + repeated + broken + torn + blank. */
export interface LogTotals {
  lines: number;
  records: number;
  /** Lines that could not be read; each is a finding. */
  broken: number;
  /** Lines that a writer was stopped at and of which nothing is missing; each is a note. */
  torn: number;
  /** Lines that stand in the log more than once; only the first is a record. */
  repeated: number;
  /** Records that stand behind another one on its line. */
  joined: number;
  blank: number;
  bytes: number;
  files: { path: string; bytes: number; lines: number }[];
}

/** The totals before anything was read. */
export function noTotals(): LogTotals {
  return {
    lines: 0,
    records: 0,
    broken: 0,
    torn: 0,
    repeated: 0,
    joined: 0,
    blank: 0,
    bytes: 0,
    files: [],
  };
}

/** How many findings of one kind a file may have before the rest is only counted. */
export const maxFindings = 200;

/** Where a record stands: what is needed to read it once more without reading all in front of it. */
export interface RecordPlace {
  /** Which file of the log; -1 for a file with one action, and for what was kept of a damaged line. */
  segment: number;
  /** Of the line in its file; undefined where places in what is read are not those of the file. */
  offset: number | undefined;
  /** Without the line break. */
  lengthBytes: number;
  /** Which record of its line, from 0. */
  part: number;
  /** The line itself, as long as it is visited. */
  bytes: Buffer;
}

/** What one file of the log came to. */
export interface SegmentEnd {
  segment: LogSegment;
  /** Bytes of a plain file that were read, and their CRC-32. */
  bytes: number;
  crc: number;
  lines: number;
  /** Whether a newline ends it. */
  isEnded: boolean;
  /** Whether places in what was read are those of the file. */
  isFaithful: boolean;
  /** Time of its last record. */
  lastUs: number;
}

/** Where a reading of the log ended, so that another one can go on from there as if it had read all. */
export interface LogPlace {
  totals: LogTotals;
  lastUs: number;
  reported: [kind: string, known: { count: number; last: Finding }][];
  seen: PackedLines;
}

/** How often each kind of finding was said, with the last one of it. */
export type FindingCounts = ReadonlyMap<string, { count: number; last: Finding }>;

/** What is told of a reading to those that keep what it came to. */
export interface LogVisitor {
  visit(record: ActionRecord, place: RecordPlace): void;
  report(finding: Finding): void;
  onTorn?(line: HarmlessLine): void;
  onStart?(segment: LogSegment): void;
  onSegment?(end: SegmentEnd): void;
  /** At the end: the counts behind the findings, and whether damaged lines wait for what may still be appended. */
  onEnd?(findings: FindingCounts, hasTorn: boolean): void;
}

/** What a kind of finding is told apart by: more than `maxFindings` of one are only counted. */
export function kindOfFinding({ file, code, expected }: Finding): string {
  return `${file} ${code} ${expected}`;
}

/** What stands for the findings of each kind that were only counted. */
export function uncountedFindings(counts: FindingCounts): Finding[] {
  const findings: Finding[] = [];
  for (const { count, last } of counts.values()) {
    if (count <= maxFindings) continue;
    const { line: _line, path: _path, ...rest } = last;
    findings.push({ ...rest, found: `${count - maxFindings} more findings of this kind` });
  }
  return findings;
}
