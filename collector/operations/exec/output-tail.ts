import { StringDecoder } from 'node:string_decoder';

/** Collects the last lines of a stream within bounds, however much passes through. */
export interface OutputTail {
  add(chunk: Uint8Array): void;
  /** The last lines, oldest first; a line redrawn with carriage returns counts as what it showed last. */
  lines(): string[];
}

/** An OutputTail that keeps at most `maxLines` lines and `maxBytes` bytes of them. */
export function createOutputTail(maxLines = 20, maxBytes = 4096): OutputTail {
  const decoder = new StringDecoder('utf8');
  let kept = '';
  /** The line that begins the private key in whose midst `kept` begins. */
  let keyBegin: string | undefined;
  return {
    add(chunk) {
      const text = kept + decoder.write(Buffer.from(chunk));
      // Twice the bound, so that escapes and redrawn lines removed at the end do not leave too little.
      kept = text.length > 4 * maxBytes ? text.slice(-4 * maxBytes) : text;
      const dropped = text.length - kept.length;
      if (dropped > 0) keyBegin = openKeyIn(text, keyBegin, dropped);
    },
    lines() {
      const text = (kept + decoder.end()).replace(terminalEscapes, '');
      const lines = text.split('\n').map(lastShown);
      while (lines.at(-1) === '') lines.pop();
      const last = lines.slice(-maxLines);
      while (last.length > 1 && sizeOf(last) > maxBytes) last.shift();
      // Masking knows the rest of a key by how it begins.
      const begin = openKeyIn(lines.slice(0, lines.length - last.length).join('\n'), keyBegin);
      if (begin !== undefined && last.length > 0) last[0] = begin;
      if (last.length === 1 && sizeOf(last) > maxBytes) last[0] = `…${last[0]!.slice(-maxBytes / 4)}`;
      return last;
    },
  };
}

/** Colours and cursor movements: they mean nothing in a record. */
const terminalEscapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

function lastShown(line: string): string {
  const whole = line.replace(/\r+$/, '');
  return whole.slice(whole.lastIndexOf('\r') + 1);
}

function sizeOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
}

/** The line that begins a private key which is not over at `end`; a line that the end cuts in two counts as before it. */
function openKeyIn(text: string, before: string | undefined, end = text.length): string | undefined {
  let open = before;
  for (const { 0: line, index } of text.matchAll(
    /-----(?:BEGIN|END) [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g,
  )) {
    if (index < end) open = line.startsWith('-----BEGIN') ? line : undefined;
  }
  return open;
}
