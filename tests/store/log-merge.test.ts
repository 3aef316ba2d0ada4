import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { absorbLines, hasAllLines } from '../../collector/store/log-merge.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-merge-'));
  path = join(folder, 'snapshots', 'action_log.jsonl');
});

afterEach(() => rmSync(folder, { recursive: true }));

const at = (id: string, hour: number) =>
  JSON.stringify({ id, timestamp: `2026-01-01T${String(hour).padStart(2, '0')}:00:00Z` });
const log = (...lines: string[]) => Buffer.from(lines.map((line) => `${line}\n`).join(''));

function own(...lines: string[]): void {
  absorbLines(path, log(...lines));
}

describe('absorbLines', () => {
  it('makes the file where there is none, and does not where there is nothing to add', () => {
    absorbLines(path, Buffer.alloc(0));
    expect(existsSync(path)).toBe(false);
    expect(absorbLines(path, log('a', 'b')).lines.toString()).toBe('a\nb\n');
    expect(readFileSync(path, 'utf8')).toBe('a\nb\n');
  });

  it('appends what is missing in order of time, each line once, and never changes what is there', () => {
    own(at('mine', 5), at('both', 1));
    const result = absorbLines(path, log(at('late', 9), at('both', 1), at('early', 2), at('late', 9)));
    expect(result.added).toBe(2);
    expect(result.lines.toString()).toBe(
      log(at('both', 1), at('mine', 5), at('early', 2), at('late', 9)).toString(),
    );
  });

  it('keeps lines with the same id and different content, broken lines and bytes that are no text', () => {
    own('{"id":1}');
    const foreign = Buffer.concat([log('{"id":1,"x":2}', '{"broken'), Buffer.from([0xff, 0xfe, 0x00, 0x0a])]);
    absorbLines(path, foreign);
    expect(readFileSync(path).equals(Buffer.concat([log('{"id":1}'), foreign]))).toBe(true);
  });

  it('takes lines with other line ends for the same', () => {
    own('a', 'b');
    expect(absorbLines(path, Buffer.from('a\r\nb\r\nc\r\n')).lines.toString()).toBe('a\nb\nc\n');
  });

  it('closes a torn line here and completes one there', () => {
    own('a');
    appendFileSync(path, '{"torn');
    expect(absorbLines(path, Buffer.from('b\n{"cut')).lines.toString()).toBe('a\n{"torn\nb\n{"cut\n');
  });

  it('does not return the half line that somebody is writing', () => {
    own('a');
    appendFileSync(path, '{"half');
    expect(absorbLines(path, log('a')).lines.toString()).toBe('a\n');
    expect(readFileSync(path, 'utf8')).toBe('a\n{"half');
  });

  it('ends with all lines of both, for any two logs, also when done again', () => {
    const lines = fc.array(fc.string({ unit: 'binary' }).map((text) => text.replace(/[\r\n]/g, '')));
    fc.assert(
      fc.property(lines, lines, (mine, theirs) => {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, log(...mine));
        const before = readFileSync(path);
        const merged = absorbLines(path, log(...theirs)).lines;
        expect(merged.subarray(0, before.length).equals(before)).toBe(true);
        expect(hasAllLines(merged, log(...mine)) && hasAllLines(merged, log(...theirs))).toBe(true);
        expect(absorbLines(path, log(...theirs)).lines.equals(merged)).toBe(true);
      }),
      {
        numRuns: 100,
        examples: [[['a'], ['']]],
      },
    );
  });
});
