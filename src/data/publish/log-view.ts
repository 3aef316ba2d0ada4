import { readFileSync, statSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { isErrorLine } from '../browser.ts';
import { LogColours, type LogSpan } from './log-lines.ts';

/** What a page shows of the log of a run: its beginning, the lines around the last error, and its end. */
export interface LogView {
  /** Lines that the file has. */
  total: number;
  /** Number of the last line that tells of an error. */
  lastError: number | undefined;
  /** Stretches of lines, in their order; what lies between them is left to the file. */
  parts: LogPart[];
}

/** Lines that follow each other; the first has the number `from`, counted from 1. */
export interface LogPart {
  from: number;
  lines: LogSpan[][];
}

/** A page can bear no more; the file has all. */
const [headLines, tailLines, aroundError] = [200, 1500, 40];
const maxCharsOfLine = 2000;
const maxPackedBytes = 64 * 1024 * 1024;
const maxTextBytes = 128 * 1024 * 1024;

/** The view of a log; undefined where it is too large or no text. A file that ends in the middle is read as far as it goes. */
export function logView(path: string): LogView | undefined {
  if (statSync(path).size > maxPackedBytes) return undefined;
  const finishFlush = constants.Z_SYNC_FLUSH;
  const text = gunzipSync(readFileSync(path), { finishFlush, maxOutputLength: maxTextBytes }).toString(
    'utf8',
  );
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const error = lines.findLastIndex((line) => tellsOfError(bare(line)));
  const colours = new LogColours();
  const parts: LogPart[] = [];
  for (const [at, line] of lines.entries()) {
    // Also of lines that are not shown: what they do not reset goes on.
    const isShown = at < headLines || at >= lines.length - tailLines || isNear(at, error);
    if (!isShown && !line.includes('\u001b')) continue;
    const spans = colours.read(line.length > maxCharsOfLine ? `${line.slice(0, maxCharsOfLine)} …` : line);
    if (!isShown) continue;
    const open = parts.at(-1);
    if (open !== undefined && open.from + open.lines.length === at + 1) open.lines.push(spans);
    else parts.push({ from: at + 1, lines: [spans] });
  }
  return { total: lines.length, lastError: error === -1 ? undefined : error + 1, parts };
}

const isNear = (at: number, error: number) => error !== -1 && Math.abs(at - error) <= aroundError;

/** Behind a progress bar, too, which shares its line with what is printed next. */
const tellsOfError = (line: string) => isErrorLine(line) || /[A-Za-z](?:Error|Exception): /.test(line);

const bare = (line: string) => (line.includes('\u001b') ? line.replace(/\u001b\[[\d;:]*m/g, '') : line);
