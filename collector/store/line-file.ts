import { longestPointerBytes, parseLfsPointer } from '../base/lfs-pointer.ts';
import { LineSplitter, type LineVisitor, longestLineBytes, type ManyLines } from '../base/lines.ts';
import type { ForeignEncoding } from '../base/text-encoding.ts';
import { Utf8Chunks } from '../base/utf8-chunks.ts';
import type { Finding } from '../formats/findings/finding.ts';
import { encodingRemark, mixedRemark, pointerRemark } from '../formats/text/file.ts';

/**
 * Cuts the bytes of a file of records into lines in UTF-8, whatever it is written in. What is odd about the file is
 * reported once: its encoding with the first line that is so, and a Git LFS pointer in its place, whose lines are counted
 * and not visited; what was appended to a pointer is read.
 */
export class LineFile {
  /** How many lines a Git LFS pointer takes at the beginning of the file. */
  pointerLines = 0;
  readonly #file: string;
  readonly #report: (finding: Finding) => void;
  readonly #utf8: Utf8Chunks;
  readonly #lines: LineSplitter;
  #wide: { encoding: ForeignEncoding; line: number } | undefined;
  #isStart: boolean;

  /**
   * `behind` is what of the file was read before, whole lines in UTF-8, where its bytes come from there on. `many` takes what lines
   * it can before they are visited one by one.
   */
  constructor(
    file: string,
    report: (finding: Finding) => void,
    visit: LineVisitor,
    behind = { bytes: 0, lines: 0 },
    many?: ManyLines,
  ) {
    this.#file = file;
    this.#report = report;
    this.#isStart = behind.bytes === 0;
    this.#utf8 = new Utf8Chunks(
      (encoding, newlines) => this.#noteEncoding(encoding, newlines),
      behind.bytes > 0,
    );
    const visitLine: LineVisitor = (bytes, line, terminated, offset, lengthBytes) => {
      if (line > this.pointerLines) visit(bytes, line, terminated, offset, lengthBytes);
    };
    this.#lines = new LineSplitter(visitLine, longestLineBytes, behind.lines + 1, many);
    this.#lines.skip(behind.bytes);
  }

  /** Whether the places handed to the visitor are those of the file. */
  get isFaithful(): boolean {
    return this.#utf8.isFaithful;
  }

  /** Takes the next bytes; the chunk may be reused by the caller afterwards. */
  push(chunk: Buffer): void {
    if (this.#isStart && chunk.length > 0) this.#lookAtStart(chunk);
    this.#lines.push(this.#utf8.push(chunk));
  }

  /** Says that whole lines that cannot be read stand before the next. */
  skip({ bytes, lines }: { bytes: number; lines: number }): void {
    this.#lines.skip(bytes, lines);
  }

  /** Hands out what follows the last newline, if anything, and returns the number of lines seen. */
  end(): number {
    this.#lines.push(this.#utf8.end());
    if (this.#wide !== undefined) {
      const { encoding, line } = this.#wide;
      const remark = this.#utf8.hasPlainLines ? mixedRemark : encodingRemark(encoding);
      this.#report({ ...remark, file: this.#file, line });
    }
    return this.#lines.end();
  }

  #lookAtStart(chunk: Buffer): void {
    this.#isStart = false;
    const pointer = parseLfsPointer(chunk.subarray(0, longestPointerBytes));
    if (pointer === undefined) return;
    this.pointerLines = pointer.lines;
    this.#report({ ...pointerRemark(pointer), file: this.#file });
  }

  #noteEncoding(encoding: ForeignEncoding, newlines: number): void {
    const line = this.#lines.line + newlines;
    if (encoding !== 'utf-8-bom') {
      // What converts the file depends on the lines behind this one.
      this.#wide ??= { encoding, line };
      return;
    }
    this.#lines.skip(3);
    this.#report({ ...encodingRemark(encoding), file: this.#file, line });
  }
}
