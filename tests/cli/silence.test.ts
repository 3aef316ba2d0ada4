import { chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../collector/formats/config/config.ts';
import { type EndLimits, recordingWordsOfEnd } from '../../collector/operations/recording-end.ts';
import { foreignLine, temporaryBook } from '../helpers.ts';
import { repository } from '../store/receipts/repository.ts';
import { run } from './run.ts';

const at = (iso: string) => ({ clock: { nowUs: () => Date.parse(iso) * 1000 } });

function put(root: string, name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

/** Snapshots at 00:00, 00:30 and 02:00 of a day; 01:00 and 01:30 are missing. */
function bookWithGap(config = 'schedule: 30m\n'): string {
  const files: Record<string, string> = { 'daybook.yaml': config };
  for (const time of ['000010', '003010', '020010']) {
    const id = `periodic_20261120_${time}`;
    const stamp = `2026-11-20T${time.slice(0, 2)}:${time.slice(2, 4)}:10Z`;
    files[`snapshots/${id}.json`] =
      `{"snapshot_id":"${id}","snapshot_type":"periodic","timestamp":"${stamp}","system_state":{}}`;
  }
  files['snapshots/latest_periodic.json'] = files['snapshots/periodic_20261120_020010.json']!;
  return temporaryBook(files);
}

const missing =
  '2 of the 5 snapshots expected in the last 7 days are missing, the last stretch since 2026-11-20 01:00 UTC';

describe('what commands say of silence', () => {
  it('tells of missed slots, which ask for nothing', async () => {
    const root = bookWithGap();
    const now = at('2026-11-20T02:05:00Z');
    expect((await run(root, ['summary'], now)).out).toContain(`  ▲ ${missing}\n`);
    expect((await run(root, ['latest'], now)).out).toContain(`  ▲ ${missing}\n`);
    const { exitCode, out } = await run(root, ['doctor'], now);
    expect(out).toContain('note silent (1)');
    expect(out).toContain(missing);
    expect(exitCode).toBe(0);
  });

  it('tells of silence against the schedule, which asks for something', async () => {
    const root = bookWithGap();
    const now = at('2026-11-22T02:05:00Z');
    expect((await run(root, ['summary'], now)).out).toContain(
      '  ▲ snapshots stopped on Nov 20 at 02:00 UTC, 2 days ago\n',
    );
    expect((await run(root, ['latest'], now)).out).toContain('snapshots stopped on Nov 20 at 02:00 UTC');
    expect(await run(root, ['doctor'], now)).toMatchObject({ exitCode: 4 });
    const quick = await run(root, ['doctor', '--quick'], now);
    expect([quick.exitCode, quick.out]).toEqual([
      4,
      expect.stringContaining('snapshots stopped on Nov 20 at 02:00 UTC, 2 days ago'),
    ]);
    const { recording } = JSON.parse((await run(root, ['summary', '--json'], now)).out);
    expect(recording).toMatchObject({
      state: 'silent',
      newest_snapshot: expect.stringMatching(/^2026-11-20T02:00:10/),
      overdue: 95,
      overdue_since: expect.stringMatching(/^2026-11-20T02:30:00/),
      silent: true,
      expected: 'every 30 minutes',
      missed: 97,
      due: 100,
    });
  });

  it('says that snapshots stopped where actions go on, and that one is late', async () => {
    const root = bookWithGap();
    put(root, 'snapshots/action_log.jsonl', `${foreignLine({ at: '2026-11-22T02:00:00Z' })}\n`);
    for (const command of ['summary', 'latest', 'doctor']) {
      const stopped = await run(root, [command], at('2026-11-22T02:05:00Z'));
      expect(stopped.out).toContain('snapshots stopped on Nov 20 at 02:00 UTC, 2 days ago');
      const late = await run(root, [command], at('2026-11-20T02:50:00Z'));
      expect(late.out).toContain('the snapshot of Nov 20 at 02:30 UTC is overdue');
      expect(late.exitCode).toBe(0);
    }
  });

  it('guesses that GitHub disabled the schedule, says why, and what to do', async () => {
    const root = bookWithGap();
    const path = join(root, 'snapshots/periodic_20261120_020010.json');
    const taken = JSON.parse(readFileSync(path, 'utf8'));
    taken.workflows = { files: [{ name: 'Daybook', crons: ['*/30 * * * *'] }] };
    taken.git = { committed_at: '2026-09-20T08:00:00Z' };
    writeFileSync(path, JSON.stringify(taken));
    const now = at('2026-11-22T02:05:00Z');
    for (const command of ['summary', 'latest', 'doctor']) {
      const { out } = await run(root, [command], now);
      expect(out).toContain('snapshots stopped on Nov 20 at 02:00 UTC, 2 days ago');
      expect(out).toContain('(a guess: the newest commit was 61 days old when they stopped)');
      expect(out).toContain('Enable the workflow again on the page Actions of the repository');
    }
    const { recording } = JSON.parse((await run(root, ['summary', '--json'], now)).out);
    expect(recording.state).toBe('disabled');
  });

  it('takes snapshots that were pruned for taken', async () => {
    const root = bookWithGap();
    const pruned = ['0100', '0130'].map((time) => {
      const stamp = `2026-11-20T${time.slice(0, 2)}:${time.slice(2)}:05Z`;
      return `{"snapshot_id":"periodic_20261120_${time}05","timestamp":"${stamp}","pruned_at":"${stamp}"}\n`;
    });
    put(root, 'snapshots/store/pruned.jsonl', pruned.join(''));
    expect((await run(root, ['summary'], at('2026-11-20T02:05:00Z'))).out).not.toContain('▲');
  });

  it('takes the rhythm so far where there is no schedule', async () => {
    const daily = ['2026-11-01', '2026-11-02', '2026-11-03'].map((day) =>
      foreignLine({ id: day, at: `${day}T00:00:00Z` }),
    );
    const root = temporaryBook({ 'snapshots/action_log.jsonl': `${daily.join('\n')}\n` });
    expect((await run(root, ['summary'], at('2026-11-05T00:00:00Z'))).out).not.toContain('▲');
    expect((await run(root, ['summary'], at('2026-11-09T00:00:00Z'))).out).toContain('▲ silent for 6 days');
    expect(await run(root, ['doctor'], at('2026-11-09T00:00:00Z'))).toMatchObject({ exitCode: 0 });
  });

  it('counts a run as a sign of life', async () => {
    const old = foreignLine({ at: '2026-01-01T00:00:00Z' });
    const root = temporaryBook({
      'snapshots/action_log.jsonl': `${old}\n`,
      'r/run.lock': "timestamp: '2026-11-08T00:00:00+00:00'\nconfig:\n  lr: 1\n",
    });
    expect((await run(root, ['summary'], at('2026-11-09T00:00:00Z'))).out).not.toContain('▲');
  });

  it('counts a run as a sign of life in every command', async () => {
    const root = bookWithGap('');
    put(root, 'r/run.lock', "timestamp: '2026-11-28T00:00:00+00:00'\nconfig:\n  lr: 1\n");
    const alive = at('2026-11-29T00:00:00Z');
    for (const command of ['latest', 'summary', 'doctor'])
      expect((await run(root, [command], alive)).out).not.toContain('silent');
    // Four days behind the run, not twelve behind the newest snapshot.
    const quiet = at('2026-12-02T00:00:00Z');
    for (const command of ['latest', 'summary', 'doctor'])
      expect((await run(root, [command], quiet)).out).toContain(
        'silent for 4 days, since 2026-11-28 00:00 UTC',
      );
  });

  it('takes the rhythm of the whole log in every command, however busy its newest day', async () => {
    const mondays = ['2026-10-26', '2026-11-02', '2026-11-09', '2026-11-16'];
    const lines = mondays.flatMap((day) =>
      Array.from({ length: 300 }, (_, count) =>
        foreignLine({ id: `${day}-${count}`, at: `${day}T00:${String(count % 60).padStart(2, '0')}:00Z` }),
      ),
    );
    const root = bookWithGap('');
    put(root, 'snapshots/action_log.jsonl', `${lines.join('\n')}\n`);
    for (const command of ['latest', 'summary', 'doctor']) {
      expect((await run(root, [command], at('2026-11-29T00:00:00Z'))).out).not.toContain('silent');
      expect((await run(root, [command], at('2026-12-10T00:00:00Z'))).out).toContain('silent for 20 days');
    }
  });

  it('tells the bare fact where looking through everything would take too long', async () => {
    const root = bookWithGap('');
    put(root, 'snapshots/action_log.jsonl', `${foreignLine({ at: '2026-11-01T00:00:00Z' })}\n`);
    const nowUs = Date.parse('2026-11-29T00:00:00Z') * 1000;
    const words = (limits: EndLimits) => recordingWordsOfEnd(root, defaultConfig(), nowUs, limits);
    expect(await words({})).toEqual(['silent for 9 days, since 2026-11-20 02:00 UTC']);
    const fact =
      'recorded for 9 days, since 2026-11-20 02:00 UTC (daybook summary says whether that is usual here)';
    expect(await words({ logBytes: 10 })).toEqual([`nothing ${fact}`]);
    for (let at = 0; at < 300; at++)
      put(root, `r${at}/run.lock`, 'timestamp: 2026-11-28T00:00:00\nconfig:\n  lr: 1\n');
    expect(await words({ runs: AbortSignal.abort() })).toEqual([`no action and no snapshot ${fact}`]);
    expect(await words({})).toEqual([]);
  });

  it('says nothing of a book that nothing was recorded in', async () => {
    expect((await run(temporaryBook({ 'daybook.yaml': 'schedule: 30m\n' }), ['summary'])).out).not.toContain(
      '▲',
    );
  });
});

describe.skipIf(process.getuid?.() !== 0)('git that does not trust the owner', () => {
  it('is said with its remedy by doctor, sync, the snapshot and its health', async () => {
    const root = repository({ 'snapshots/.keep': '' });
    chownSync(root, 4711, 4711);
    chownSync(join(root, '.git'), 4711, 4711);
    const remedy = `git config --global --add safe.directory ${root}`;
    const doctor = await run(root, ['doctor']);
    expect(doctor).toMatchObject({ exitCode: 4 });
    expect(doctor.out).toContain('git-refuses');
    expect(doctor.out).toContain(remedy);
    expect((await run(root, ['sync'])).problem).toContain(remedy);
    await run(root, ['periodic']);
    const name = readdirSync(join(root, 'snapshots')).find((each) => each.startsWith('periodic_'))!;
    const taken = JSON.parse(readFileSync(join(root, 'snapshots', name), 'utf8'));
    expect(taken.git.error).toContain(remedy);
    expect(taken.system_state.health).toBe('degraded');
    expect(taken.system_state.health_reasons.join()).toContain(remedy);
  });
});
