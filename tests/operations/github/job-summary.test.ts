import { describe, expect, it } from 'vitest';
import { recordAction } from '../../../collector/operations/actions/record.ts';
import { jobSummary } from '../../../collector/operations/github/job-summary.ts';
import { markdownTable, recordedText } from '../../../collector/operations/github/markdown.ts';
import { recordJob } from '../../../collector/operations/github/record-event.ts';
import { temporaryBook } from '../../helpers.ts';

const at = (run: number) => ({
  clock: { nowUs: () => Date.UTC(2026, 10, 27, 12, run) * 1000 },
  env: {
    GITHUB_ACTIONS: 'true',
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_RUN_ID: String(run),
    GITHUB_WORKFLOW: 'CI',
  },
});

const snapshot = (minute: number, health: string, version: number) =>
  JSON.stringify({
    snapshot_id: `periodic_20261127_12${minute}00`,
    snapshot_type: 'periodic',
    timestamp: `2026-11-27T12:${minute}:00.000000Z`,
    system_state: { health, uptime: minute, memory: { available_bytes: minute } },
    release: { version },
    metadata: {},
  });

describe('jobSummary', () => {
  it('begins with what failed now and had not before, and tells what of the repository changed', async () => {
    const root = temporaryBook({
      'snapshots/periodic_20261127_121000.json': snapshot(10, 'operational', 1),
      'snapshots/periodic_20261127_121500.json': snapshot(15, 'degraded', 2),
    });
    await recordJob(root, 'success', at(1));
    await recordJob(root, 'failure', at(2));
    await recordAction(root, { type: 'deploy', details: { note: '| `` <b>@all [a](b)' } }, at(2));
    const { markdown, ...counts } = await jobSummary(root, at(2));
    expect(counts).toEqual({ actions: 2, regressions: 1, changes: 2 });
    await expect(markdown).toMatchFileSnapshot('../../golden/github/job-summary.md');
  });

  it('calls nothing a regression that failed the time before, or never ran', async () => {
    const root = temporaryBook();
    await recordJob(root, 'failure', at(1));
    await recordJob(root, 'failure', at(2));
    expect(await jobSummary(root, at(2))).toMatchObject({ actions: 1, regressions: 0, changes: 0 });
  });

  it('stays small however much there is', async () => {
    const root = temporaryBook();
    for (let count = 0; count < 120; count++)
      await recordAction(root, { type: `t${count}`, details: { text: 'x'.repeat(5000) } }, at(3));
    const { markdown } = await jobSummary(root, at(3));
    expect(markdown.length).toBeLessThan(20_000);
    expect(markdown).toContain('and 70 more');
  });
});

describe('recordedText', () => {
  it.each([
    ['plain', '` plain `'],
    ['a|b', '` a\\|b `'],
    ['`x` ``', '``` `x` `` ```'],
    ['two\nlines\t', '` two lines `'],
    ['', ''],
  ])('%j', (text, markdown) => {
    expect(recordedText(text)).toBe(markdown);
  });

  it('keeps a row a row', () => {
    expect(markdownTable(['a'], [[recordedText('x | y\n| z')]]).split('\n')).toHaveLength(3);
  });
});
