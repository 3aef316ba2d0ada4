import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryBook } from '../helpers.ts';
import { run } from './run.ts';

const fixtures = join(import.meta.dirname, '../fixtures/imports');
const lines = (...records: object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');
const at = (minute: number) => `2026-11-20T10:${String(minute).padStart(2, '0')}:00Z`;
const map = ['--map', 'time=at,type=what,status=how'];

async function actionsOf(root: string) {
  const { out } = await run(root, ['actions', '100', '--json', '--lines']);
  return JSON.parse(out) as {
    action: { type: string; status: string };
    source: { import: string; from: string };
  }[];
}

describe('daybook import', () => {
  it('imports workflow runs of GitHub once, and a run that has ended since as the end of the same action', async () => {
    const whole = readFileSync(join(fixtures, 'workflow_runs.json'), 'utf8');
    const open = JSON.parse(whole);
    open.workflow_runs[0].status = 'in_progress';
    open.workflow_runs[0].conclusion = null;
    const root = temporaryBook({ 'open.json': JSON.stringify(open), 'whole.json': whole });
    const first = await run(root, ['import', 'open.json', '--json']);
    expect(JSON.parse(first.out)).toMatchObject({ kind: 'github-runs', imported: 2, known: 0 });
    const second = await run(root, ['import', 'whole.json', '--json']);
    expect(JSON.parse(second.out)).toMatchObject({ imported: 1, known: 1, rejected: [] });
    const { out } = await run(root, ['actions', '--json']);
    expect(JSON.parse(out).map(({ action }: { action: { status: string } }) => action.status)).toEqual([
      'failure',
      'failure',
    ]);
  });

  it('proposes a mapping for lines that it does not know, imports nothing, and takes what it printed', async () => {
    const root = temporaryBook({
      'log.jsonl': lines({ at: at(0), type: 'ask' }, { at: at(1), type: 'tell' }),
    });
    const { exitCode, out } = await run(root, ['import', 'log.jsonl']);
    expect([exitCode, out]).toEqual([1, 'daybook import log.jsonl --map time=at,type=type\n']);
    expect(await actionsOf(root)).toEqual([]);
    const taken = await run(root, out.trim().split(' ').slice(1));
    expect(taken.exitCode).toBe(0);
    expect((await actionsOf(root)).map(({ action, source }) => [action.type, source.from])).toEqual([
      ['tell', 'log.jsonl:2'],
      ['ask', 'log.jsonl:1'],
    ]);
  });

  it('takes a mapping of daybook.yaml by its name', async () => {
    const root = temporaryBook({
      'daybook.yaml': 'imports: { worker: "time=at,type=what,status=how" }\n',
      'log.jsonl': lines({ at: at(0), what: 'tick', how: 'failed' }),
    });
    expect((await run(root, ['import', 'log.jsonl', '--map', 'worker'])).exitCode).toBe(0);
    expect((await actionsOf(root)).map(({ action }) => [action.type, action.status])).toEqual([
      ['tick', 'failed'],
    ]);
    const { exitCode, problem } = await run(root, ['import', 'log.jsonl', '--map', 'other']);
    expect([exitCode, problem]).toEqual([2, expect.stringContaining('daybook.yaml has worker.')]);
  });

  it('counts lines that stand there twice, and knows both the next time', async () => {
    const text = lines({ at: at(0), what: 'tick', how: 'ok' }, { at: at(0), what: 'tick', how: 'ok' });
    const root = temporaryBook({ 'log.jsonl': text });
    const counts = async () => {
      const { imported, known } = JSON.parse(
        (await run(root, ['import', 'log.jsonl', ...map, '--json'])).out,
      );
      return [imported, known];
    };
    expect([await counts(), await counts()]).toEqual([
      [2, 0],
      [0, 2],
    ]);
  });

  it('tells each line that it rejects, takes the others, and keeps words that it does not know', async () => {
    const text = `${lines({ at: at(0), what: 'a', how: 'half' })}{"at": broken\n${lines({ at: 'soon', what: 'b' })}[1]\n`;
    const root = temporaryBook({ 'log.jsonl': text });
    const { exitCode, problem } = await run(root, ['import', 'log.jsonl', ...map]);
    expect(exitCode).toBe(1);
    expect(problem).toContain('log.jsonl:2: expected');
    expect(problem).toContain('log.jsonl:3: expected a time at "at", found "soon"');
    expect(problem).toContain('log.jsonl:4: expected a JSON object, found a list');
    expect((await actionsOf(root)).map(({ action }) => action.status)).toEqual(['half']);
    const { out } = await run(root, ['summary', '--json']);
    expect(JSON.parse(out).by_status.unknown).toBe(1);
  });

  it('writes nothing on a dry run, and takes an import out again with all that it brought', async () => {
    const root = temporaryBook({
      'log.jsonl': lines({
        at: at(0),
        what: 'a',
        how: 'ok',
        token: 'ghp_0123456789abcdefghijABCDEFGHIJ456789',
      }),
    });
    const dry = await run(root, ['import', 'log.jsonl', ...map, '--dry-run']);
    expect(dry.out).toContain('1 line would be imported');
    expect(readdirSync(join(root, 'snapshots'))).toEqual([]);
    const { id } = JSON.parse((await run(root, ['import', 'log.jsonl', ...map, '--json'])).out);
    const file = join(root, 'snapshots', `action_log-import-${id}.jsonl`);
    expect(readFileSync(file, 'utf8')).not.toContain('ghp_0123');
    expect((await run(root, ['import', '--list'])).out).toContain(id);
    expect((await run(root, ['import', '--undo', 'no-such-import'])).exitCode).toBe(3);
    expect((await run(root, ['import', '--undo', id])).exitCode).toBe(0);
    expect(await actionsOf(root)).toEqual([]);
  });

  it('reads spans, sessions of agents and checks of sites', async () => {
    const root = temporaryBook({});
    for (const name of ['session.jsonl', 'trace.json']) copyFileSync(join(fixtures, name), join(root, name));
    for (const name of ['session.jsonl', 'trace.json', join(fixtures, 'upptime')]) {
      const { exitCode, problem } = await run(root, ['import', name]);
      expect([exitCode, problem]).toEqual([0, expect.stringContaining('--undo')]);
    }
    const { out } = await run(root, ['actions', '--json', '100']);
    const found = (
      JSON.parse(out) as { action: { type: string; status: string; duration_ms?: number; error?: string } }[]
    ).map(({ action }) => [action.type, action.status, action.duration_ms ?? action.error ?? null]);
    expect(found.toReversed()).toEqual([
      ['uptime check', 'failed', 'down'],
      ['uptime check', 'completed', null],
      ['agent.prompt', 'completed', null],
      ['agent.answer', 'completed', null],
      ['agent.tool', 'failed', null],
      ['query', 'failed', 2],
      ['GET /health', 'completed', 12.5],
    ]);
  });

  it('keeps a word for what neither ended well nor badly, and tells tokens once', async () => {
    const runs = JSON.parse(readFileSync(join(fixtures, 'workflow_runs.json'), 'utf8'));
    runs.workflow_runs[0].conclusion = 'skipped';
    const session = readFileSync(join(fixtures, 'session.jsonl'), 'utf8').split('\n');
    const answer = JSON.parse(session[1]!);
    const [one, other] = ['u-2', 'u-9'].map((uuid) =>
      JSON.stringify({ ...answer, uuid, message: { ...answer.message, id: 'msg-1' } }),
    );
    const root = temporaryBook({
      'runs.json': JSON.stringify(runs),
      'two words.jsonl': `${one}\n${other}\n`,
    });
    for (const name of ['runs.json', 'two words.jsonl']) await run(root, ['import', name]);
    const { out } = await run(root, ['summary', '--json']);
    expect(JSON.parse(out).by_status).toMatchObject({ aborted: 0, unknown: 1 });
    const answers = (await actionsOf(root)).filter(({ action }) => action.type === 'agent.answer');
    expect(answers).toHaveLength(1);
  });

  it('prints a proposal as a shell takes it', async () => {
    const root = temporaryBook({ 'two words.jsonl': lines({ at: at(0), type: 'ask' }) });
    const { out } = await run(root, ['import', 'two words.jsonl']);
    expect(out).toContain("daybook import 'two words.jsonl' --map time=at,type=type");
  });

  it('refuses what is no file, no folder of Upptime and no mapping', async () => {
    const root = temporaryBook({ 'empty.jsonl': '' });
    const code = async (...argv: string[]) => (await run(root, ['import', ...argv])).exitCode;
    expect(await code('nowhere.jsonl')).toBe(3);
    expect(await code('.')).toBe(2);
    expect(await code()).toBe(2);
    expect(await code('empty.jsonl', '--map', 'colour=red')).toBe(2);
    expect(await code('empty.jsonl')).toBe(1);
  });
});
