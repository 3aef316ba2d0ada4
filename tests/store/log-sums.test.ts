import { appendFileSync, closeSync, openSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tombstoneMark } from '../../collector/formats/redaction.ts';
import { growingSum } from '../../collector/store/growing-sum.ts';
import { lookThrough } from '../../collector/store/log-sums.ts';
import { temporaryFolder } from '../helpers.ts';

const part = 1 << 20;

function put(path: string, text: string, at: number): void {
  const descriptor = openSync(path, 'r+');
  writeSync(descriptor, text, at);
  closeSync(descriptor);
}

function largeLog(): { root: string; path: string } {
  const root = temporaryFolder();
  const path = join(root, 'action_log.jsonl');
  writeFileSync(path, `${'x'.repeat(99)}\n`.repeat(90_000));
  return { root, path };
}

it.each([
  ['within a part', 3 * part + 500],
  ['across two parts', 5 * part - 7],
  ['at the beginning of one', 2 * part],
  ['at the end of one', 2 * part - tombstoneMark.length],
  ['in the last, which is not full', 8 * part + 20_000],
])('what comes %s of a file that was looked through before is found', (_, at) => {
  const { root, path } = largeLog();
  expect(lookThrough(root, path)).toMatchObject({ hasTombstone: false });
  put(path, tombstoneMark, at);
  const found = lookThrough(root, path)!;
  expect(found).toEqual({ sum: growingSum(path), hasTombstone: true });
  // And what was found is known, and gone when it goes.
  expect(lookThrough(root, path)?.hasTombstone).toBe(true);
  put(path, 'x'.repeat(tombstoneMark.length), at);
  expect(lookThrough(root, path)).toEqual({ sum: growingSum(path), hasTombstone: false });
});

it('what is appended is found, also where it was begun before', () => {
  const { root, path } = largeLog();
  appendFileSync(path, tombstoneMark.slice(0, 9));
  expect(lookThrough(root, path)?.hasTombstone).toBe(false);
  appendFileSync(path, tombstoneMark.slice(9));
  expect(lookThrough(root, path)).toEqual({ sum: growingSum(path), hasTombstone: true });
});

it('damage of what is kept is noticed, and a file of which its time says that it did not change', () => {
  const { root, path } = largeLog();
  const first = lookThrough(root, path)!;
  const kept = join(root, '.daybook', 'cache', 'log-sums.json');
  // Damage of what is kept is noticed; a file that is gone or small is read.
  writeFileSync(kept, 'no');
  expect(lookThrough(root, path)).toEqual(first);
  put(path, tombstoneMark, 0);
  expect(lookThrough(root, path, true)?.hasTombstone).toBe(true);
  utimesSync(path, 1, 1);
  expect(lookThrough(root, path, true)?.hasTombstone).toBe(true);
  expect(lookThrough(root, join(root, 'none.jsonl'))).toBeUndefined();
});
