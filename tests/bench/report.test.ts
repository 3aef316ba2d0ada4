import { expect, test } from 'vitest';
import {
  attempt,
  cellsOf,
  limitRow,
  ms,
  type Row,
  skippedRow,
  timeRow,
  verdictOf,
} from '../../bench/report.ts';

const row = (more: Partial<Row>): Row => ({ what: 'a', ours: '1', peer: '2', ratio: 0.5, ...more });

test('a row holds, misses, fails or is left out', () => {
  const verdicts = [
    row({}),
    row({ limit: 0.5 }),
    row({ limit: 0.4 }),
    row({ limit: 0.4, atLeast: true }),
    row({ limit: 0.6, atLeast: true }),
    row({ limit: 1, memory: { mib: 401, limit: 400 } }),
    row({ memory: { mib: 399, limit: 400 } }),
    row({ memory: { mib: 5000 } }),
    row({ ratio: Number.NaN, limit: 1 }),
    skippedRow('a', 'no network'),
    row({ failed: 'exit code 1', limit: 1 }),
  ].map(verdictOf);
  const ofTargets = ['', 'held', 'MISSED', 'held', 'MISSED'];
  expect(verdicts).toEqual([...ofTargets, 'MISSED', 'held', '', 'MISSED', 'skipped', 'FAILED']);
});

test('what stands in a table says its target and its memory', () => {
  const ours = timeRow('build', 2500, 1000, { size: 'L', limit: 3, memory: { mib: 650.4, limit: 700 } });
  expect(cellsOf(ours)).toEqual(['build', 'L', '2.50 s', '1.00 s', '2.50', '<= 3', '650 of 700', 'held']);
  expect(cellsOf(limitRow('sort', 120, 100, ms))).toEqual([
    ...['sort', '', '120.0 ms', '100.0 ms', '1.20', '<= 1', '', 'MISSED'],
  ]);
});

test('what fails is a row of its own, with the reason, and nothing else is lost by it', async () => {
  const rows = await attempt('a build', () => {
    throw new Error('exit code 137');
  });
  expect(rows).toMatchObject([{ what: 'a build', failed: 'exit code 137' }]);
  expect(rows.map(verdictOf)).toEqual(['FAILED']);
});
