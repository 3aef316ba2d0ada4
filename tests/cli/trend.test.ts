import { describe, expect, it } from 'vitest';
import { foreignLine, temporaryBook } from '../helpers.ts';
import { run } from './run.ts';

const day = (at: number) => new Date(Date.UTC(2026, 0, 1 + at, 10)).toISOString();

/** 24 runs whose loss steps up behind the 16th and whose gap does not, and as many builds. */
function book(more: Record<string, string> = {}): string {
  const files: Record<string, string> = { ...more };
  const builds: string[] = [];
  for (let at = 0; at < 24; at++) {
    const jitter = 1 + (((at * 7) % 5) - 2) / 200;
    const values = { val_loss: (at < 16 ? 0.5 : 0.6) * jitter, gap: 3 * jitter };
    const point = { step: 1, ...values, timestamp: day(at) };
    files[`train/${`${at}`.padStart(2, '0')}/metrics.jsonl`] = `${JSON.stringify(point)}\n`;
    builds.push(
      foreignLine({
        id: `action_${at}`,
        type: 'build',
        status: 'completed',
        at: day(at),
        details: { duration_ms: 1000 * jitter },
      }),
    );
    files[`snapshots/periodic_202601${`${at + 1}`.padStart(2, '0')}_100000.json`] = JSON.stringify({
      snapshot_id: `periodic_202601${`${at + 1}`.padStart(2, '0')}_100000`,
      snapshot_type: 'periodic',
      timestamp: day(at),
      load: at < 12 ? jitter : 2 * jitter,
    });
  }
  files['snapshots/action_log.jsonl'] = `${builds.join('\n')}\n`;
  return temporaryBook(files);
}

describe('daybook trend', () => {
  it('lists the worst first, with level, change and since when', async () => {
    const { out, problem, exitCode } = await run(book(), ['trend']);
    expect(exitCode).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(
      /^▲ {2}worse +runs\/train\/val_loss +0\.5 → 0\.6 +\+20 % +since 2026-01-17 10:00:00 +train\/16 +24 points$/,
    );
    expect(lines.slice(1).map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
      ['–', 'no change', 'actions/build/duration'],
      ['–', 'no change', 'runs/train/gap'],
    ]);
    expect(problem).toBe('3 series: 1 worse, 2 no change; times are UTC\n');
  });

  it('shows one series whole by a part of its key, and the place of the change', async () => {
    const { out } = await run(book(), ['trend', 'val_loss']);
    expect(out).toContain('▲ runs/train/val_loss: worse\n');
    expect(out).toContain('16 before, 8 since');
    expect(out).toContain('environment not recorded');
    const marked = out.split('\n').filter((line) => line.includes('◀'));
    expect(marked).toEqual([expect.stringMatching(/2026-01-17 10:00:00 .* train\/16 +◀ \+20 % from here$/)]);
  });

  it('follows a number of snapshots that is asked for by its path, or named in daybook.yaml', async () => {
    const asked = await run(book(), ['trend', 'load', '--json']);
    expect(JSON.parse(asked.out)).toMatchObject([
      { series: 'fields/load', kind: 'fields', verdict: 'changed', better: null, points: 24 },
    ]);
    const yaml = 'trends:\n  fields: [load, gone]\n  better: {load: down, gap: up}\n';
    const listed = await run(book({ 'daybook.yaml': yaml }), ['trend', '--changed', '--json']);
    expect(JSON.parse(listed.out)).toMatchObject([
      { series: 'fields/load', verdict: 'worse', better_from: 'daybook.yaml', change: expect.closeTo(1, 1) },
      { series: 'runs/train/val_loss', verdict: 'worse', since_id: 'train/16' },
    ]);
    const all = await run(book({ 'daybook.yaml': yaml }), ['trend']);
    expect(all.out).toMatch(/not enough data +fields\/gone +0 points/);
  });

  it('prints JSON with the reason, and the values where a name was given', async () => {
    const [trend] = JSON.parse((await run(book(), ['trend', 'val_loss', '--json'])).out);
    expect(trend).toMatchObject({
      verdict: 'worse',
      reason: expect.stringContaining('less is better, as its name says'),
      better: 'down',
      before: expect.closeTo(0.5, 2),
      after: expect.closeTo(0.6, 2),
      since: '2026-01-17T10:00:00.000000Z',
      steps: [{ change: expect.closeTo(0.2, 2) }],
    });
    expect(trend.values).toHaveLength(24);
    expect(JSON.parse((await run(book(), ['trend', '--json'])).out)[0].values).toBeUndefined();
  });

  it('says what is near where there is no such series, and what would be one in an empty book', async () => {
    const missing = await run(book(), ['trend', 'val_lss']);
    expect(missing.exitCode).toBe(3);
    expect(missing.problem).toContain('Did you mean "val_loss"?');
    const empty = await run(temporaryBook(), ['trend']);
    expect(empty).toMatchObject({ exitCode: 0, out: '' });
    expect(empty.problem).toContain('This book has no series');
  });

  it('counts what --limit hides', async () => {
    const { out, problem } = await run(book(), ['trend', '--limit', '1']);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect(problem).toContain('2 not shown (--limit)');
  });
});
