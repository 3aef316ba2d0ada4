import { expect, it } from 'vitest';
import { temporaryBook } from '../helpers.ts';
import { emptyFolder, run, steppingClock } from './run.ts';
import { sampleBook } from './sample-book.ts';

/** Three snapshots an hour apart and two actions before the last one. */
function book(): string {
  const at = (hour: number) => `2025-12-22T0${hour}:00:00Z`;
  const files = ['stable', 'stable', 'degraded'].map((deployment, hour) => {
    const id = `periodic_20251222_0${hour}0000`;
    const content = { snapshot_id: id, snapshot_type: 'periodic', timestamp: at(hour) };
    return [`snapshots/${id}.json`, JSON.stringify({ ...content, rail: { deployment }, n: hour * 10 })];
  });
  const action = (type: string, minute: number) =>
    JSON.stringify({
      snapshot_id: `action_20251222_01${minute}00_000000`,
      snapshot_type: 'action',
      timestamp: `2025-12-22T01:${minute}:00Z`,
      action: { type, status: 'completed', details: {} },
    });
  const log = `${action('deploy', 10)}\n${action('test\u001b[2J', 20)}\n`;
  return temporaryBook({ ...Object.fromEntries(files), 'snapshots/action_log.jsonl': log });
}

it('shows the values, since when, for how long, and what was recorded in between', async () => {
  const { exitCode, out } = await run(book(), ['history', 'rail.deployment']);
  expect(exitCode).toBe(0);
  expect(out.split('\n')).toEqual([
    'rail.deployment',
    'changed once in 3 snapshots, 2025-12-22 00:00:00 to 2025-12-22 02:00:00, times in UTC',
    '',
    '  ssd',
    '  s stable  d degraded',
    '',
    '  2025-12-22 02:00:00  degraded   1 snapshot       after 2 actions: test\\e[2J completed, deploy completed',
    '  2025-12-22 00:00:00  stable    2 snapshots  1 h  first snapshot',
    '',
  ]);
});

it('draws numbers as a line, and takes as many values and as much time as asked for', async () => {
  const root = book();
  const { out } = await run(root, ['history', 'n', '--limit', '1']);
  expect(out).toContain('  ▁▅█\n  ▁ 0  █ 20\n');
  expect(out).toContain('20  +10 (+100 %)');
  expect(out).toContain('… 2 more values; --limit all shows every one');
  const clock = steppingClock(Date.UTC(2025, 11, 22, 3) * 1000);
  const recent = await run(root, ['history', 'n', '--since', '90m', '--json'], { clock });
  expect(JSON.parse(recent.out)).toMatchObject({
    path: 'n',
    snapshots: 3,
    changes: 2,
    values: [{ value: 20, is_present: true, since_id: 'periodic_20251222_020000', snapshots: 1 }],
  });
  expect((await run(root, ['history', 'n', '--since', '2026-01-01'])).out).toContain(
    'No snapshot was taken since',
  );
  expect(JSON.parse((await run(root, ['history', 'n', '--limit', 'all', '--json'])).out).values).toHaveLength(
    3,
  );
});

it('says what it expected where it cannot answer', async () => {
  const root = book();
  const problem = async (...argv: string[]) => {
    const ran = await run(root, ['history', ...argv]);
    return [ran.exitCode, ran.problem.split('\n')[0]];
  };
  expect(await problem('rail.deploymnt')).toEqual([3, 'error: No snapshot has a field "rail.deploymnt".']);
  expect(await problem('a[')).toEqual([2, 'error: Expected the path of a field, found "a[".']);
  expect((await problem('n', '--since', 'long ago'))[0]).toBe(2);
  expect((await problem('n', '--limit', '0'))[0]).toBe(2);
  expect((await run(emptyFolder(), ['history', 'n'])).exitCode).toBe(3);
  expect((await run(temporaryBook(), ['history', 'n'])).problem).toContain('There is no periodic snapshot');
});

it('never lets recorded text steer the terminal', async () => {
  for (const path of ['system_state', 'note', 'active_processes']) {
    const { out, problem } = await run(sampleBook(), ['history', path]);
    expect(out + problem).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  }
});
