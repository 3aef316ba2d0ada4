import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordAction } from '../../../collector/operations/actions/record.ts';
import { type AlertOptions, alertBook } from '../../../collector/operations/alerts/alert.ts';
import { deriveHealth } from '../../../collector/operations/health/derive.ts';
import { newestActions } from '../../../collector/store/newest-actions.ts';
import { temporaryBook } from '../../helpers.ts';
import { type Answer, localServer, quickRequests } from './local-server.ts';

const hourUs = 3_600e6;
const startUs = Date.UTC(2026, 10, 27, 11) * 1000;
const failedDeploys = 'action.status == failed and type == deploy';

/** A book with rules, a server that takes what they send, and a clock that tests set. */
async function alerting(
  rules: string,
  answers: Answer | Answer[] | (() => Answer) = 200,
  extra: Record<string, string> = {},
) {
  const server = await localServer(answers);
  const root = temporaryBook({ 'daybook.yaml': `title: atlas\n${rules}`, ...extra });
  const clock = { us: startUs };
  const time = { nowUs: () => clock.us++ };
  const env: NodeJS.ProcessEnv = { HOOK: server.address };
  const { effects, pauses } = quickRequests();
  const alert = (options: AlertOptions = {}, book = root) =>
    alertBook(book, options, { clock: time, env, requests: effects });
  return {
    root,
    clock,
    env,
    pauses,
    got: server.got,
    alert,
    /** Outcomes with the events they are about, of one call. */
    said: async (book = root) =>
      (await alert({}, book)).map(({ outcome, state, events }) => `${outcome} ${state} ${events.length}`),
    action: (type: string, status: string, details: Record<string, string> = {}) =>
      recordAction(root, { type, status, details }, { clock: time, env: {} }),
    put(name: string, text: string) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    },
  };
}

const hookRule = (when: string) => `alerts:\n  - when: ${when}\n    notify: [{ webhook: $HOOK }]\n`;

function snapshot(us: number, sections: object = {}): [name: string, text: string] {
  const stamp = new Date(us / 1000).toISOString();
  const id = `periodic_${stamp.slice(0, 10).replaceAll('-', '')}_${stamp.slice(11, 19).replaceAll(':', '')}`;
  const content = {
    snapshot_id: id,
    snapshot_type: 'periodic',
    timestamp: stamp,
    system_state: {},
    ...sections,
  };
  return [`snapshots/${id}.json`, JSON.stringify(content)];
}

describe('an alert', () => {
  it('is told once, to each channel, and once more when it is over', async () => {
    const book = await alerting(
      `alerts:\n  - when: ${failedDeploys}\n    notify: [{ webhook: $HOOK }, { slack: $HOOK }]\n`,
    );
    expect(await book.said()).toEqual([]);
    await book.action('deploy', 'failed', { target: 'production' });
    await book.action('test', 'failed');
    expect(await book.said()).toEqual(['sent firing 1', 'sent firing 1']);
    expect(await book.said()).toEqual([]);
    await book.action('deploy', 'completed');
    expect(await book.said()).toEqual(['sent well 1', 'sent well 1']);
    expect(await book.said()).toEqual([]);
    expect(book.got).toHaveLength(4);
    expect(JSON.parse(book.got[0]!.body)).toMatchObject({
      book: 'atlas',
      state: 'firing',
      events: [{ title: 'deploy failed', detail: 'target=production' }],
    });
  });

  it('is known in a fresh clone: the record is the state', async () => {
    const book = await alerting(hookRule(failedDeploys));
    await book.action('deploy', 'failed');
    await book.said();
    const clone = mkdtempSync(join(tmpdir(), 'daybook-clone-'));
    cpSync(join(book.root, 'daybook.yaml'), join(clone, 'daybook.yaml'));
    cpSync(join(book.root, 'snapshots'), join(clone, 'snapshots'), { recursive: true });
    expect(await book.said(clone)).toEqual([]);
    const { records } = await newestActions(book.root, 1);
    expect(records[0]).toMatchObject({ type: 'alert', status: 'completed' });
    expect(records[0]?.details).toMatchObject({
      rule: failedDeploys,
      channel: 'webhook $HOOK',
      state: 'firing',
    });
    expect(readFileSync(join(book.root, 'snapshots/action_log.jsonl'), 'utf8')).not.toContain('127.0.0.1');
  });

  it('that could not be told is owed: recorded once as failed, told days later, once', async () => {
    let answer: Answer = 500;
    const book = await alerting(hookRule(failedDeploys), () => answer);
    await book.action('deploy', 'failed');
    expect(await book.said()).toEqual(['failed firing 1']);
    expect(book.got).toHaveLength(3);
    // Only a minute is waited for, then longer: a service that is down is not asked all the time.
    expect(await book.said()).toEqual(['waiting firing 1']);
    book.clock.us += 61e6;
    expect(await book.said()).toEqual(['failed firing 1']);
    book.clock.us += 61e6;
    expect(await book.said()).toEqual(['waiting firing 1']);
    book.clock.us = startUs + 50 * hourUs;
    answer = 200;
    expect(await book.said()).toEqual(['sent firing 1']);
    expect(await book.said()).toEqual([]);
    const { records } = await newestActions(book.root, 50);
    expect(records.map(({ type, status }) => `${type} ${status}`)).toEqual([
      'alert completed',
      'alert failed',
      'deploy failed',
    ]);
  });

  it('leaves a service alone for as long as it asks, and is told of what is missing here at once', async () => {
    const book = await alerting(hookRule(failedDeploys), [
      { status: 429, headers: { 'retry-after': '7200' } },
      200,
    ]);
    await book.action('deploy', 'failed');
    const [sent] = await book.alert();
    expect(sent?.problem).toMatch(/answered 429 \(too many requests\), and asks to wait for 2 hours$/);
    book.clock.us += hourUs;
    expect(await book.said()).toEqual(['waiting firing 1']);
    book.clock.us += 1.1 * hourUs;
    expect(await book.said()).toEqual(['sent firing 1']);
    await book.action('deploy', 'failed');
    delete book.env['HOOK'];
    for (let call = 0; call < 2; call++) {
      expect(await book.alert()).toMatchObject([
        { outcome: 'failed', problem: 'the environment variable HOOK is not set' },
      ]);
    }
  });

  it('does not tell of what is older than a day, as where a rule is new', async () => {
    const book = await alerting(hookRule(failedDeploys));
    await book.action('deploy', 'failed');
    book.clock.us += 25 * hourUs;
    expect(await book.said()).toEqual([]);
    expect(await book.alert({ sinceUs: startUs })).toMatchObject([{ outcome: 'sent' }]);
  });

  it('tells of many events at once, and of none of them again', async () => {
    const book = await alerting(hookRule(failedDeploys));
    for (let count = 0; count < 130; count++) await book.action('deploy', 'failed');
    expect(await book.said()).toEqual(['sent firing 130']);
    expect(await book.said()).toEqual([]);
    await book.action('deploy', 'failed');
    expect(await book.said()).toEqual(['sent firing 1']);
  });

  it('is told once where two are asked at the same time', async () => {
    const book = await alerting(hookRule(failedDeploys));
    await book.action('deploy', 'failed');
    await Promise.all([book.said(), book.said(), book.said()]);
    expect(book.got).toHaveLength(1);
  });

  it('holds no secret that a foreign line has', async () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const foreign = `{"snapshot_id":"x1","timestamp":"2026-11-27T10:59:00Z","action":{"type":"deploy","status":"failed","error":"push with ${token} refused"}}\n`;
    const book = await alerting(hookRule(failedDeploys), 200, { 'snapshots/action_log.jsonl': foreign });
    expect(await book.said()).toEqual(['sent firing 1']);
    expect(book.got[0]?.body).toContain('refused');
    expect(book.got[0]?.body).not.toContain(token);
  });

  it('is no sign of how the system is', async () => {
    const book = await alerting(hookRule(failedDeploys));
    await book.action('deploy', 'failed');
    await book.said();
    const { records } = await newestActions(book.root, 10);
    const { health, reasons } = deriveHealth({
      actions: records,
      failures: [],
      missedSlots: 0,
      previousUs: undefined,
    });
    expect([health, reasons[0]]).toEqual([
      'failing',
      expect.stringMatching(/^The newest action that ended, deploy/),
    ]);
  });
});

describe('rules', () => {
  it('about silence are told when it begins and when it ends; telling is no end of it', async () => {
    const schedule = 'schedule: 30m\n';
    const book = await alerting(schedule + hookRule('silent > 2h'));
    book.put(...snapshot(startUs));
    expect(await book.said()).toEqual([]);
    book.clock.us = startUs + 3 * hourUs;
    expect(await book.said()).toEqual(['sent firing 1']);
    book.clock.us = startUs + 40 * hourUs;
    expect(await book.said()).toEqual([]);
    book.put(...snapshot(startUs + 40 * hourUs));
    expect(await book.said()).toEqual(['sent well 1']);
    book.clock.us = startUs + 44 * hourUs;
    expect(await book.said()).toEqual(['sent firing 1']);
    expect(book.got.map(({ body }) => JSON.parse(body).events[0].title)).toEqual([
      'Snapshots stopped on Nov 27 at 11:00 UTC',
      'snapshots come again',
      'Snapshots stopped on Nov 29 at 03:00 UTC',
    ]);
  });

  it('about silence look at any record where nothing is scheduled, but at no alert', async () => {
    const book = await alerting(hookRule('silent > 2h'));
    await book.action('deploy', 'completed');
    book.clock.us = startUs + 3 * hourUs;
    expect(await book.said()).toEqual(['sent firing 1']);
    book.clock.us = startUs + 4 * hourUs;
    expect(await book.said()).toEqual([]);
    await book.action('deploy', 'completed');
    expect(await book.said()).toEqual(['sent well 1']);
  });

  it('about the newest snapshot are told when it begins and ends', async () => {
    const book = await alerting(hookRule('snapshot.git.branch != main AND snapshot health = degraded'));
    const state = (health: string) => ({ git: { branch: 'topic' }, system_state: { health } });
    book.put(...snapshot(startUs, state('operational')));
    expect(await book.said()).toEqual([]);
    book.put(...snapshot(startUs + 1e6, state('degraded')));
    expect(await book.said()).toEqual(['sent firing 1']);
    book.put(...snapshot(startUs + 2e6, state('degraded')));
    expect(await book.said()).toEqual([]);
    book.put(...snapshot(startUs + 3e6, state('operational')));
    expect(await book.said()).toEqual(['sent well 1']);
    expect(JSON.parse(book.got[0]!.body).events[0].detail).toBe('git.branch is topic, health is degraded');
  });

  it('about metrics look at runs', async () => {
    const book = await alerting(hookRule('metric acc < 0.9'));
    for (const [name, acc] of Object.entries({ good: 0.95, bad: 0.5 })) {
      book.put(`runs/${name}/run.lock`, "timestamp: '2026-11-27T10:30:00+00:00'\nconfig:\n  lr: 1\n");
      book.put(`runs/${name}/metrics.jsonl`, `{"step":1,"acc":${acc}}\n`);
    }
    const sent = await book.alert();
    expect(sent).toMatchObject([{ outcome: 'sent', title: expect.stringMatching(/^run runs\/bad /) }]);
    expect(await book.said()).toEqual([]);
  });

  it('are tried without sending, and channels without rules', async () => {
    const book = await alerting(hookRule(failedDeploys));
    await book.action('deploy', 'failed');
    expect(await book.alert({ dryRun: true })).toMatchObject([{ outcome: 'would send' }]);
    expect(book.got).toEqual([]);
    expect(await book.alert({ test: true })).toMatchObject([{ outcome: 'sent' }]);
    expect(book.got[0]?.body).toContain('a test of alerts, nothing has happened');
    expect(await book.said()).toEqual(['sent firing 1']);
  });

  it('that are missing or cannot be understood are wrong use', async () => {
    const none = await alerting('');
    await expect(none.alert()).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('found none'),
    });
    const wrong = await alerting(hookRule('status = failed'));
    await expect(wrong.alert()).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('write action.status'),
      where: 'daybook.yaml, alerts, status = failed',
    });
  });
});
