import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../collector/base/json/json.ts';
import { isoMicros } from '../../../collector/base/time.ts';
import { isFinal } from '../../../collector/formats/actions/status.ts';
import { defaultConfig } from '../../../collector/formats/config/config.ts';
import { builtInSections, headFields } from '../../../collector/formats/snapshots/sections.ts';
import { deriveHealth } from '../../../collector/operations/health/derive.ts';
import { runsSection } from '../../../collector/operations/runs/section.ts';
import { takePeriodic } from '../../../collector/operations/snapshots/take.ts';
import { countRuns } from '../../../collector/runs/counts.ts';
import { readRuns } from '../../../collector/store/runs/read-runs.ts';
import { action, folderWith, nowUs, removeFolders } from '../../probes/fixtures.ts';

afterAll(removeFolders);

const clock = { nowUs: () => nowUs };
const quiet = {
  clock,
  probe: async () => ({ sections: { system_state: { uptime: 5 }, git: { status: 'x' } }, failures: [] }),
};

const sectionsOfTheOriginal = [
  'system_state',
  'build_state',
  'rail_status',
  'active_processes',
  'workflows',
  'cognitive_state',
  'task_progress',
];

describe('takePeriodic', () => {
  it('writes every section the original writes, with the keys in its order, and a copy as latest', async () => {
    const root = folderWith({ 'build_manifest.yaml': 'build_signature: B\nrail_status: { a: b }\n' });
    const { id, file, snapshot } = await takePeriodic({ root }, { clock });
    expect(id).toBe('periodic_20260301_101000');
    const text = readFileSync(join(root, file), 'utf8');
    expect(JSON.parse(text)).toEqual(snapshot);
    expect(readFileSync(join(root, 'snapshots/latest_periodic.json'), 'utf8')).toBe(text);
    expect(Object.keys(snapshot)).toEqual([...headFields, ...Object.keys(builtInSections), 'metadata']);
    expect(Object.keys(builtInSections).slice(0, 7)).toEqual(sectionsOfTheOriginal);
    expect(snapshot).toMatchObject({
      snapshot_id: id,
      snapshot_type: 'periodic',
      timestamp: '2026-03-01T10:10:00.000000Z',
      interval: '30_minutes',
      system_state: { timestamp: '2026-03-01T10:10:00.000000Z', health: 'operational', health_reasons: [] },
      build_state: { build_signature: 'B' },
      metadata: { generated_by: 'daybook' },
    });
  });

  it('counts runs by status as daybook runs lists them, stale ones too', async () => {
    const root = folderWith();
    cpSync(join(import.meta.dirname, '../../fixtures/runs-book'), join(root, 'runs'), { recursive: true });
    const { snapshot } = await takePeriodic({ root }, quiet);
    const runs = await readRuns(root);
    expect(snapshot['runs']).toMatchObject(countRuns(runs));
    expect(snapshot['runs']).toMatchObject({ total: 21, stale: 1 });
    const ended = runs
      .filter(({ status, endedAtUs }) => isFinal(status) && endedAtUs !== undefined)
      .sort((a, b) => b.endedAtUs! - a.endedAtUs!);
    const { newest_ended: newest } = snapshot['runs'] as { newest_ended: JsonObject[] };
    expect(ended.length).toBeGreaterThan(1);
    expect(newest.map(({ ended_at: at }) => at)).toEqual(
      ended.slice(0, 10).map(({ endedAtUs }) => isoMicros(endedAtUs!)),
    );
    const excluding = folderWith({ 'daybook.yaml': "runs: { exclude: ['runs'] }\n" });
    cpSync(join(root, 'runs'), join(excluding, 'runs'), { recursive: true });
    expect((await takePeriodic({ root: excluding }, quiet)).snapshot['runs']).toEqual({ status: 'no_runs' });
  });

  it('says that runs were not counted where that takes too long, and is no less healthy for it', async () => {
    const root = folderWith();
    cpSync(join(import.meta.dirname, '../../fixtures/runs-book'), join(root, 'runs'), { recursive: true });
    const runs = () => runsSection(root, {}, AbortSignal.abort());
    const { snapshot } = await takePeriodic({ root }, { ...quiet, runs });
    expect(snapshot['runs']).toEqual({
      status: 'not_counted',
      reason: expect.stringContaining('given up after 10'),
    });
    expect(snapshot.system_state['health']).toBe('operational');
  });

  it('takes two in one second as two files', async () => {
    const root = folderWith();
    const first = await takePeriodic({ root }, quiet);
    const second = await takePeriodic({ root }, { ...quiet, clock: { nowUs: () => nowUs + 1 } });
    expect([first.id, second.id]).toEqual(['periodic_20260301_101000', 'periodic_20260301_101000_2']);
    expect(readdirSync(join(root, 'snapshots')).sort()).toEqual([
      'latest_periodic.json',
      'periodic_20260301_101000.json',
      'periodic_20260301_101000_2.json',
    ]);
    expect(JSON.parse(readFileSync(join(root, 'snapshots/latest_periodic.json'), 'utf8')).snapshot_id).toBe(
      second.id,
    );
  });

  it('is taken although a probe of daybook.yaml fails, and says that it is degraded', async () => {
    const root = folderWith({
      'daybook.yaml': 'schedule: 1h\nprobes:\n  - { name: mine, command: "exit 4" }\n',
    });
    const { snapshot } = await takePeriodic({ root }, { clock });
    expect(snapshot.mine).toEqual({ error: 'the command failed with exit code 4' });
    expect(snapshot.interval).toBe('1_hour');
    expect(snapshot.system_state).toMatchObject({
      health: 'degraded',
      health_reasons: ['The probe mine failed: the command failed with exit code 4'],
    });
  });

  it('notices slots that were missed since the snapshot before', async () => {
    const root = folderWith({ 'daybook.yaml': 'schedule: 30m\n' });
    const at = (minutes: number) => ({ ...quiet, clock: { nowUs: () => nowUs + minutes * 60e6 } });
    const states = [];
    for (const minutes of [0, 25, 125])
      states.push((await takePeriodic({ root }, at(minutes))).snapshot.system_state);
    expect(states.map(({ health }) => health)).toEqual(['operational', 'operational', 'degraded']);
    expect(states[2]?.health_reasons).toEqual([
      '2 slots of the schedule were missed since 2026-03-01T10:35Z.',
    ]);
  });

  it('keeps an error of system_state and still says how it is', async () => {
    const failures = [{ section: 'system_state', error: 'no answer' }];
    const probe = async () => ({ sections: { system_state: { error: 'no answer' } }, failures });
    const { snapshot } = await takePeriodic({ root: folderWith() }, { clock, probe });
    expect(snapshot.system_state).toMatchObject({ error: 'no answer', health: 'degraded' });
  });

  it('survives a log that cannot be read, and asks for each number of lines once', async () => {
    const root = folderWith();
    let reads = 0;
    const newestActions = async () => {
      reads += 1;
      throw new Error('locked');
    };
    const { snapshot } = await takePeriodic(
      { root },
      { clock, newestActions, readConfig: async () => defaultConfig() },
    );
    expect(snapshot.workflows).toEqual({ error: 'locked' });
    expect(snapshot.system_state).toMatchObject({ health: 'degraded' });
    expect(reads).toBe(2);
  });

  it('leaves nothing behind where writing fails', async () => {
    const root = folderWith({ snapshots: 'a file in the way' });
    await expect(takePeriodic({ root }, { ...quiet, previousUs: () => undefined })).rejects.toMatchObject({
      name: 'DaybookError',
    });
    expect(existsSync(join(root, 'snapshots/latest_periodic.json'))).toBe(false);
  });
});

describe('deriveHealth', () => {
  const facts = { actions: [], failures: [], missedSlots: 0, previousUs: undefined };
  const many = (...words: string[]) => words.map((word, index) => action('t', word, index));

  it('is operational where nothing speaks against it', () => {
    expect(deriveHealth(facts)).toEqual({ health: 'operational', reasons: [] });
    const actions = many('running', 'done', 'failed', 'done', 'odd word');
    expect(deriveHealth({ ...facts, actions })).toEqual({ health: 'operational', reasons: [] });
  });

  it('is failing where the newest action that ended failed, whatever still runs', () => {
    const actions = [action('train', 'running', 0), action('test', 'error', 5), action('test', 'done', 6)];
    expect(deriveHealth({ ...facts, actions })).toEqual({
      health: 'failing',
      reasons: ['The newest action that ended, test at 2026-03-01T10:05Z, failed.'],
    });
  });

  it('is failing where half of the newest failed', () => {
    const actions = many('done', 'failed', 'failed', 'done', 'failed', 'done');
    expect(deriveHealth({ ...facts, actions })).toEqual({
      health: 'failing',
      reasons: ['3 of the newest 6 actions that ended failed.'],
    });
  });

  it('is failing where the newest run that ended failed, or half of the newest', () => {
    const run = (status: string, minute: number) => ({
      key: `r${minute}`,
      status,
      ended_at: `2026-03-01T10:${minute}:00.000000Z`,
    });
    const of = (...ended: JsonObject[]) => deriveHealth({ ...facts, runs: { newest_ended: ended } });
    expect(of(run('failed', 12), run('completed', 11))).toEqual({
      health: 'failing',
      reasons: ['The newest run that ended, r12 at 2026-03-01T10:12Z, failed.'],
    });
    expect(
      of(run('aborted', 14), run('failed', 13), run('failed', 12), run('completed', 11)).reasons,
    ).toEqual(['2 of the newest 4 runs that ended failed.']);
    expect(of(run('completed', 14), run('failed', 13)).health).toBe('operational');
    expect(deriveHealth({ ...facts, runs: { status: 'no_runs' } }).health).toBe('operational');
  });

  it('judges an action by its newest line', () => {
    const actions = [action('a', 'done', 0, 'x'), action('a', 'failed', 1, 'x')];
    expect(deriveHealth({ ...facts, actions }).health).toBe('operational');
  });

  it('tells all reasons, worst first', () => {
    const failures = [{ section: 'git', error: 'no answer' }];
    const actions = [action('a', 'failed', 0)];
    expect(deriveHealth({ actions, failures, missedSlots: 1, previousUs: nowUs })).toEqual({
      health: 'failing',
      reasons: [
        'The newest action that ended, a at 2026-03-01T10:10Z, failed.',
        'The probe git failed: no answer',
        '1 slot of the schedule was missed since 2026-03-01T10:10Z.',
      ],
    });
  });
});
