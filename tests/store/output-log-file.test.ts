import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLogHead } from '../../collector/formats/output-log/output-log.ts';
import { createOutputLog } from '../../collector/store/output-log/output-log-file.ts';
import { temporaryFolder } from '../helpers.ts';

const startedAtUs = 1_800_000_000_000_000;
const textIn = (path: string) => gunzipSync(readFileSync(path)).toString('utf8');

describe('the file of a log', () => {
  it('says whose it is and when it began, and is a gzip file for everyone', () => {
    const path = join(temporaryFolder(), 'r', 'output.log.gz');
    const log = createOutputLog(path, 65_536, startedAtUs);
    log.add('one\n');
    log.add('two é\n');
    expect(log.close()).toEqual({ path, lines: 2, bytes: 11, leftOut: undefined, trouble: undefined });
    expect(readLogHead(readFileSync(path))).toEqual({ startedAtUs });
    expect(textIn(path)).toBe('one\ntwo é\n');
  });

  it('never takes the place of another one', () => {
    const folder = temporaryFolder();
    for (const text of ['a\n', 'b\n', 'c\n']) {
      const log = createOutputLog(join(folder, 'output.log.gz'), 65_536, startedAtUs);
      log.add(text);
      log.close();
    }
    expect(readdirSync(folder).sort()).toEqual(['output-2.log.gz', 'output-3.log.gz', 'output.log.gz']);
    expect(textIn(join(folder, 'output-3.log.gz'))).toBe('c\n');
  });

  it('keeps the first and the last half of what is too much, counts the rest, and is whole all the time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 120 }),
        fc.integer({ min: 4096, max: 60_000 }),
        (sizes, limit) => {
          const folder = temporaryFolder();
          const path = join(folder, 'output.log.gz');
          const log = createOutputLog(path, limit, startedAtUs);
          const lines = sizes.map((size, at) => `${at} ${'x'.repeat(size)}\n`);
          for (const line of lines) {
            log.add(line);
            expect(textIn(path)).toBeTypeOf('string');
          }
          const { leftOut, ...kept } = log.close();
          const all = lines.join('');
          expect(kept.lines + (leftOut?.lines ?? 0)).toBe(lines.length);
          expect(kept.bytes + (leftOut?.bytes ?? 0)).toBe(all.length);
          const [first = '', last = ''] = textIn(path).split(/^‹daybook: .*left out here›\n/m);
          expect(all.startsWith(first) && all.endsWith(last)).toBe(true);
          expect(first.length + last.length).toBe(kept.bytes);
          expect(kept.bytes).toBeLessThanOrEqual(limit + 2 * 3005 + limit / 8);
          if (leftOut === undefined) expect(first).toBe(all);
          rmSync(folder, { recursive: true });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('tells what it holds where it could not go on', () => {
    const path = join(temporaryFolder(), 'output.log.gz');
    const log = createOutputLog(path, 8192, startedAtUs);
    log.add(`${'a'.repeat(2000)}\n`);
    rmSync(path);
    // A folder in its place: what would take the place of the file cannot.
    for (let at = 0; at < 20; at++) {
      if (at === 2) {
        rmSync(path, { force: true });
        createOutputLog(join(path, 'output.log.gz'), 8192, startedAtUs).close();
      }
      log.add(`${'b'.repeat(2000)}\n`);
    }
    const { trouble } = log.close();
    expect(trouble).toContain('cannot be written');
  });

  it('says why it cannot be made', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'r'), '');
    expect(() => createOutputLog(join(folder, 'r', 'output.log.gz'), 8192, startedAtUs)).toThrow();
    expect(existsSync(join(folder, 'r', 'output.log.gz'))).toBe(false);
  });
});
