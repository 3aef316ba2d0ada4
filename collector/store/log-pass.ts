import { join } from 'node:path';
import { crc32On } from '../base/hash.ts';
import { bookPath } from '../base/paths.ts';
import type { ActionRecord } from '../formats/actions/action.ts';
import type { Finding } from '../formats/findings/finding.ts';
import { KeySet } from './key-set.ts';
import { isActionFile, type LogSegment, listSnapshotNames, snapshotsFolder } from './layout.ts';
import { LineFile } from './line-file.ts';
import { makeFinding, parseLine } from './line-parser.ts';
import { emptyLog, repeated, tooLong, unfinished, unlogged } from './log-findings.ts';
import {
  kindOfFinding,
  type LogPlace,
  type LogTotals,
  type LogVisitor,
  maxFindings,
  noTotals,
  type RecordPlace,
  uncountedFindings,
} from './log-visitor.ts';
import { LinesAgain, readChunks } from './read-file.ts';
import { readRecorded, sizeOfRecorded, whyUnreadable } from './recorded-file.ts';
import { SeenLines } from './seen-lines.ts';
import { tableOfSegment } from './segments/segment-file.ts';
import { type DamagedLine, type HarmlessLine, TornLines } from './torn-lines.ts';

/** One reading of the whole log, file after file. */
export class LogPass {
  readonly totals: LogTotals = noTotals();
  readonly #root: string;
  readonly #visitor: LogVisitor;
  readonly #again = new LinesAgain();
  readonly #seen = new SeenLines((file, offset) => this.#keyAgain(file, offset));
  readonly #ids = new KeySet();
  readonly #torn = new TornLines((finding) => this.#tell(finding));
  /** Keys of records that were read from behind a piece of another line. */
  readonly #fromTorn = new Set<string>();
  readonly #reported = new Map<string, { count: number; last: Finding }>();
  readonly #paths: string[] = [];
  #hasActionFiles: boolean;
  #hasArchived = false;
  #segment = -1;
  /** Whether lines may be what writers left that were stopped: what was archived had been looked at. */
  #mayBeTorn = true;
  #lastUs = 0;

  /** What of the next file was read before. */
  #behind: { bytes: number; lines: number } | undefined;
  #isWhole = false;

  constructor(root: string, visitor: LogVisitor, from?: LogPlace) {
    this.#root = root;
    this.#visitor = visitor;
    this.#hasActionFiles = listSnapshotNames(root).some((name) => isActionFile(name));
    if (from !== undefined) this.#goOn(from);
  }

  #goOn({ totals, lastUs, reported, seen }: LogPlace): void {
    const last = totals.files.at(-1)!;
    Object.assign(this.totals, totals, { files: totals.files.slice(0, -1) });
    this.totals.lines -= last.lines;
    this.totals.bytes -= last.bytes;
    this.#behind = last;
    this.#lastUs = lastUs;
    for (const [kind, known] of reported) this.#reported.set(kind, { ...known });
    this.#seen.unpack(seen);
  }

  /** Files that were read before; lines of theirs may be read again. */
  skipSegments(segments: readonly LogSegment[]): void {
    this.#paths.push(...segments.map(({ path }) => path));
  }

  /** For another one to go on; undefined where what comes may say something else of what was read. */
  place(): LogPlace | undefined {
    if (!this.#isWhole || this.#hasActionFiles || this.#torn.hasHeld) return undefined;
    return {
      totals: { ...this.totals, files: [...this.totals.files] },
      lastUs: this.#lastUs,
      reported: [...this.#reported],
      seen: this.#seen.pack(),
    };
  }

  async readSegment(segment: LogSegment): Promise<void> {
    this.#visitor.onStart?.(segment);
    const file = bookPath(this.#root, segment.path);
    const behind = this.#behind;
    if (behind === undefined) this.#lastUs = 0;
    const isStored = segment.compression === 'none';
    const canReread = isStored || tableOfSegment(segment.path) !== undefined;
    this.#mayBeTorn = isStored;
    const isWatched = this.#visitor.onSegment !== undefined;
    let isEnded = true;
    this.#paths.push(segment.path);
    this.#segment = this.#paths.length - 1;
    const splitter = new LineFile(
      file,
      (finding) => this.#say(finding),
      (bytes, line, terminated, offset, lengthBytes) => {
        isEnded = terminated;
        if (bytes === undefined) this.#tooLong(file, line, lengthBytes);
        else this.#line(bytes, file, line, terminated, canReread && splitter.isFaithful ? offset : undefined);
      },
      behind,
    );
    let bytes = 0;
    let read = behind?.bytes ?? 0;
    let crc = 0;
    let isEmpty = false;
    try {
      bytes = sizeOfRecorded(segment.path);
      const onGap = (gap: { bytes: number; lines: number }) => {
        splitter.skip(gap);
        this.totals.broken += gap.lines;
      };
      for await (const chunk of readChunks(segment, read, onGap)) {
        read += chunk.length;
        if (isWatched) crc = crc32On(chunk, crc);
        splitter.push(chunk);
      }
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
          'What can be read of it is shown; restore the file from git or a backup.',
        ),
      );
    }
    const lines = splitter.end();
    this.totals.broken += splitter.pointerLines;
    // A log of which every line was archived waits for the next.
    if (isEmpty && !this.#hasArchived) this.#say(emptyLog(file));
    if (!isStored && canReread) this.#hasArchived = true;
    const isPlain = isStored && splitter.isFaithful && splitter.pointerLines === 0;
    this.#isWhole = isPlain && isEnded && read === bytes && read > 0;
    this.totals.lines += lines;
    this.totals.bytes += bytes;
    this.totals.files.push({ path: file, bytes, lines });
    this.#visitor.onSegment?.({
      segment,
      bytes: read,
      crc,
      lines,
      isEnded,
      isFaithful: splitter.isFaithful,
      lastUs: this.#lastUs,
    });
  }

  /** An action that has a file of its own is read from there only if no log line has its id. */
  readActionFile(name: string): void {
    if (this.#ids.has(name.slice(0, -'.json'.length))) return;
    this.#segment = -1;
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

  async finish(segments: readonly LogSegment[]): Promise<void> {
    await this.#torn.settle(segments, (line) => {
      this.#takeHarmless(line);
      this.#visitor.onTorn?.(line);
    });
    this.#again.close();
    for (const finding of uncountedFindings(this.#reported)) this.#visitor.report(finding);
    this.#visitor.onEnd?.(this.#reported, this.#torn.hasHeld);
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
    const lengthBytes = bytes.length;
    const known = more.length === 0 && finding === undefined ? offset : undefined;
    for (const [part, each] of records.entries())
      this.#take(each, known, { segment: this.#segment, offset, lengthBytes, part, bytes });
    this.totals.joined += more.length;
  }

  #hold(
    line: Omit<DamagedLine, 'offset' | 'isRead'> & { offset: number | undefined },
    isRead: boolean,
  ): boolean {
    const { offset, finding } = line;
    const isWhole = isRead && (finding.code !== 'joined-lines' || finding.severity !== 'warning');
    return (
      this.#mayBeTorn && offset !== undefined && !isWhole && this.#torn.hold({ ...line, offset, isRead })
    );
  }

  #take(record: ActionRecord, offset: number | undefined, place: RecordPlace): void {
    if (record.untimed) record.atUs = this.#lastUs;
    this.#lastUs = record.atUs;
    if (this.#seen.note(record.atUs, () => record.key, this.#paths.length - 1, offset)) {
      if (this.#hasActionFiles) this.#ids.add(record.snapshotId);
      this.totals.records += 1;
      this.#visitor.visit(record, place);
    } else {
      this.totals.repeated += 1;
      // It was appended again because it had been glued to a piece of another one: the note is about that.
      if (this.#fromTorn.has(record.key)) return;
      this.#say(repeated(record));
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
      this.#visitor.visit(record, {
        segment: -1,
        offset: undefined,
        lengthBytes: bytes.length,
        part: 0,
        bytes,
      });
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
    const kind = kindOfFinding(finding);
    const known = this.#reported.get(kind) ?? { count: 0, last: finding };
    known.count += 1;
    this.#reported.set(kind, known);
    if (known.count <= maxFindings) this.#visitor.report(finding);
  }
}

/** Whether a line has nothing but white space. */
export function isBlank(bytes: Buffer): boolean {
  if (bytes.length > 0 && bytes[0]! > 32) return false;
  for (const byte of bytes) if (byte !== 32 && (byte < 9 || byte > 13)) return false;
  return true;
}
