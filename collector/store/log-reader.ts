import { join } from 'node:path';
import { bookPath } from '../base/paths.ts';
import type { ActionRecord } from '../formats/actions/action.ts';
import type { Finding } from '../formats/findings/finding.ts';
import { KeySet } from './key-set.ts';
import {
  isActionFile,
  type LogSegment,
  listLogSegments,
  listSnapshotNames,
  snapshotsFolder,
} from './layout.ts';
import { LineFile } from './line-file.ts';
import { makeFinding, parseLine } from './line-parser.ts';
import { emptyLog, tooLong, unfinished, unlogged } from './log-findings.ts';
import { LinesAgain, readChunks } from './read-file.ts';
import { readRecorded, sizeOfRecorded, whyUnreadable } from './recorded-file.ts';
import { SeenLines } from './seen-lines.ts';
import { type DamagedLine, type HarmlessLine, TornLines } from './torn-lines.ts';

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

/** How many findings of one kind a file may have before the rest is only counted. */
const maxFindings = 200;

/**
 * Reads every action of a book in the order of its files, no matter who wrote them, in one streaming pass. Broken lines are
 * reported and counted and never stop the reading; lines that occur twice are visited once. Files with one action each
 * (action_*.json) are visited where the log does not have them. `onTorn` gets the lines that killed writers left and of
 * which nothing is missing.
 */
export async function readActions(
  root: string,
  visit: (record: ActionRecord) => void,
  report: (finding: Finding) => void,
  onTorn: (line: HarmlessLine) => void = () => undefined,
): Promise<LogTotals> {
  const names = listSnapshotNames(root);
  const pass = new LogPass(root, visit, report);
  const segments = listLogSegments(root, names);
  for (const segment of segments) await pass.readSegment(segment);
  for (const name of names) if (isActionFile(name)) pass.readActionFile(name);
  await pass.finish(segments, onTorn);
  return pass.totals;
}

class LogPass {
  readonly totals: LogTotals = {
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
  readonly #root: string;
  readonly #visit: (record: ActionRecord) => void;
  readonly #report: (finding: Finding) => void;
  readonly #again = new LinesAgain();
  readonly #seen = new SeenLines((file, offset) => this.#keyAgain(file, offset));
  readonly #ids = new KeySet();
  readonly #torn = new TornLines((finding) => this.#tell(finding));
  /** Keys of records that were read from behind a piece of another line. */
  readonly #fromTorn = new Set<string>();
  readonly #reported = new Map<string, { count: number; last: Finding }>();
  readonly #paths: string[] = [];
  #hasActionFiles: boolean;
  #lastUs = 0;

  constructor(root: string, visit: (record: ActionRecord) => void, report: (finding: Finding) => void) {
    this.#root = root;
    this.#visit = visit;
    this.#report = report;
    this.#hasActionFiles = listSnapshotNames(root).some((name) => isActionFile(name));
  }

  async readSegment(segment: LogSegment): Promise<void> {
    const file = bookPath(this.#root, segment.path);
    this.#lastUs = 0;
    const canReread = segment.compression === 'none';
    this.#paths.push(segment.path);
    const splitter = new LineFile(
      file,
      (finding) => this.#say(finding),
      (bytes, line, terminated, offset, lengthBytes) => {
        if (bytes === undefined) this.#tooLong(file, line, lengthBytes);
        else this.#line(bytes, file, line, terminated, canReread && splitter.isFaithful ? offset : undefined);
      },
    );
    let bytes = 0;
    let isEmpty = false;
    try {
      bytes = sizeOfRecorded(segment.path);
      for await (const chunk of readChunks(segment)) splitter.push(chunk);
      isEmpty = bytes === 0;
    } catch (error) {
      this.#say(
        makeFinding(
          'unreadable',
          'error',
          file,
          undefined,
          'a readable log file',
          whyUnreadable(segment.path, error),
          'What was read before the damage is shown; restore the file from git or a backup.',
        ),
      );
    }
    const lines = splitter.end();
    this.totals.broken += splitter.pointerLines;
    if (isEmpty) this.#say(emptyLog(file));
    this.totals.lines += lines;
    this.totals.bytes += bytes;
    this.totals.files.push({ path: file, bytes, lines });
  }

  /** An action that has a file of its own is read from there only if no log line has its id. */
  readActionFile(name: string): void {
    if (this.#ids.has(name.slice(0, -'.json'.length))) return;
    const file = `snapshots/${name}`;
    const path = join(snapshotsFolder(this.#root), name);
    try {
      const bytes = readRecorded(path);
      if (bytes.length === 0) {
        this.totals.broken += 1;
        this.#say(
          makeFinding(
            'empty-file',
            'error',
            file,
            undefined,
            'one action as a JSON object',
            'an empty file',
            'Restore it from git, or delete it.',
          ),
        );
      } else {
        const before = this.totals.records;
        this.#line(bytes, file, 1, true, undefined);
        if (this.totals.records > before) this.#say(unlogged(file));
      }
      this.totals.lines += 1;
    } catch (error) {
      this.totals.broken += 1;
      this.totals.lines += 1;
      this.#say(
        makeFinding(
          'unreadable',
          'error',
          file,
          undefined,
          'a readable file',
          whyUnreadable(path, error),
          'Check its permissions.',
        ),
      );
    }
  }

  async finish(segments: readonly LogSegment[], onTorn: (line: HarmlessLine) => void): Promise<void> {
    await this.#torn.settle(segments, (line) => {
      this.#takeHarmless(line);
      onTorn(line);
    });
    this.#again.close();
    for (const { count, last } of this.#reported.values()) {
      if (count <= maxFindings) continue;
      const { line: _line, path: _path, ...rest } = last;
      this.#report({ ...rest, found: `${count - maxFindings} more findings of this kind` });
    }
  }

  #line(bytes: Buffer, file: string, line: number, terminated: boolean, offset: number | undefined): void {
    if (isBlank(bytes)) {
      this.totals.blank += 1;
      return;
    }
    const { record, finding, more = [] } = parseLine(bytes, file, line);
    if (record === undefined) {
      this.totals.broken += 1;
      const said = terminated ? finding! : unfinished(file, line, false);
      if (!this.#hold({ file, line, offset, bytes, terminated, finding: said }, false)) this.#say(said);
      return;
    }
    if (!terminated) this.#say(unfinished(file, line, true));
    const records = [record, ...more];
    if (finding !== undefined) {
      const place = { file, line, offset, bytes, terminated, finding };
      if (this.#hold(place, true)) for (const { key } of records) this.#fromTorn.add(key);
      else this.#say(finding);
    }
    // Where several records share a line, its place names none of them.
    for (const each of records)
      this.#take(each, more.length === 0 && finding === undefined ? offset : undefined);
    this.totals.joined += more.length;
  }

  #hold(
    line: Omit<DamagedLine, 'offset' | 'isRead'> & { offset: number | undefined },
    isRead: boolean,
  ): boolean {
    const { offset, finding } = line;
    const isWhole = isRead && (finding.code !== 'joined-lines' || finding.severity !== 'warning');
    return offset !== undefined && !isWhole && this.#torn.hold({ ...line, offset, isRead });
  }

  #take(record: ActionRecord, offset: number | undefined): void {
    if (record.untimed) record.atUs = this.#lastUs;
    this.#lastUs = record.atUs;
    if (this.#seen.note(record.atUs, () => record.key, this.#paths.length - 1, offset)) {
      if (this.#hasActionFiles) this.#ids.add(record.snapshotId);
      this.totals.records += 1;
      this.#visit(record);
    } else {
      this.totals.repeated += 1;
      // It was appended again because it had been glued to a piece of another one: the note is about that.
      if (this.#fromTorn.has(record.key)) return;
      this.#say(
        makeFinding(
          'repeated-line',
          'note',
          record.file,
          record.line,
          'each line once',
          'a line that stands in the log already',
          'It is counted once; nothing needs to be done.',
        ),
      );
    }
  }

  /** What stands whole behind a piece and nowhere else is read, as a record of that line. */
  #takeHarmless({ file, line, keep, isRead }: HarmlessLine): void {
    if (isRead) return;
    this.totals.broken -= 1;
    if (keep.length === 0) this.totals.torn += 1;
    for (const bytes of keep) {
      const { record } = parseLine(bytes, file, line);
      if (record === undefined || !this.#seen.note(record.atUs, () => record.key, 0, undefined)) continue;
      this.totals.records += 1;
      this.#visit(record);
    }
  }

  #keyAgain(file: number, offset: number): string | undefined {
    const bytes = this.#again.read(this.#paths[file]!, offset);
    return parseLine(bytes, '', 0).record?.key;
  }

  #tooLong(file: string, line: number, lengthBytes: number): void {
    this.totals.broken += 1;
    this.#say(tooLong(file, line, lengthBytes));
  }

  #say(finding: Finding): void {
    this.#torn.say(finding);
  }

  #tell(finding: Finding): void {
    const kind = `${finding.file} ${finding.code} ${finding.expected}`;
    const known = this.#reported.get(kind) ?? { count: 0, last: finding };
    known.count += 1;
    this.#reported.set(kind, known);
    if (known.count <= maxFindings) this.#report(finding);
  }
}

function isBlank(bytes: Buffer): boolean {
  if (bytes.length > 0 && bytes[0]! > 32) return false;
  for (const byte of bytes) if (byte !== 32 && (byte < 9 || byte > 13)) return false;
  return true;
}
