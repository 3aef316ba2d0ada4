import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAll, temporaryBook } from '../helpers.ts';
import { run, steppingClock } from './run.ts';

const logOf = (root: string) => readFileSync(join(root, 'snapshots/action_log.jsonl'), 'utf8');

describe('daybook action', () => {
  it('records a thing that happened as completed, with where it happened', async () => {
    const root = temporaryBook({
      '.git/HEAD': 'ref: refs/heads/main\n',
      '.git/refs/heads/main': `${'a'.repeat(40)}\n`,
    });
    const ran = await run(root, ['action', 'deploy', 'target=production', '--json'], {
      clock: steppingClock(),
    });
    expect(ran).toMatchObject({ exitCode: 0, problem: '' });
    expect(JSON.parse(ran.out)).toMatchObject({
      snapshot_type: 'action',
      timestamp: '2025-12-22T02:20:57.454420Z',
      action: { type: 'deploy', status: 'completed', details: { target: 'production' } },
      source: { branch: 'main', commit: 'a'.repeat(40), pid: process.pid },
    });
    expect(JSON.parse(logOf(root))).toEqual(JSON.parse(ran.out));
  });

  it.each<[string[], string]>([
    [['status=failed'], 'failed'],
    [['status=deployed'], 'completed'],
    [['status=failed', '--status', 'Executing'], 'executing'],
  ])('%j has the status %s', async (words, status) => {
    const root = temporaryBook();
    await run(root, ['action', 'x', ...words]);
    expect(JSON.parse(logOf(root)).action.status).toBe(status);
  });

  it('reads details from standard input and from a file', async () => {
    const root = temporaryBook();
    writeFileSync(join(root, 'details.json'), '{"from": "file"}');
    await run(root, ['action', 'x', '-'], { input: '{"from": "input"}\n' });
    await run(root, ['action', 'x', '--file', 'details.json']);
    const { records } = await readAll(root);
    expect(records.map(({ details }) => details)).toEqual([{ from: 'input' }, { from: 'file' }]);
  });

  it('obeys daybook.yaml about action files', async () => {
    const root = temporaryBook({ 'daybook.yaml': 'actionFiles: true\n' });
    const { out } = await run(root, ['action', 'x', '--json']);
    const line = JSON.parse(out);
    expect(JSON.parse(readFileSync(join(root, `snapshots/${line.snapshot_id}.json`), 'utf8'))).toEqual(line);
  });

  it('says nothing with --quiet', async () => {
    expect(await run(temporaryBook(), ['action', 'x', '--quiet'])).toEqual({
      exitCode: 0,
      out: '',
      problem: '',
    });
  });
});

describe('daybook action --batch', () => {
  const input = [
    '{"type": "a", "details": {"n": 1}, "status": "failed"}',
    'not json',
    '',
    '{"type": "b", "details": "text", "id": "7", "run": "r"}',
    '[1]',
    '{"details": {}}',
    '{"type": "c", "status": "sideways"}',
    '{"type": 5}',
    '{"snapshot_type": "action", "action": {"type": "d", "status": "executing", "details": {}}}',
    '{"type": "no newline at the end"}',
  ].join('\n');

  it('writes what is right and names the lines that are not', async () => {
    const root = temporaryBook();
    const ran = await run(root, ['action', '--batch'], { input });
    expect(ran).toMatchSnapshot();
    const { records } = await readAll(root);
    expect(records.map(({ type, statusWord }) => [type, statusWord])).toEqual([
      ['a', 'failed'],
      ['b', 'completed'],
      ['d', 'executing'],
      ['no newline at the end', 'completed'],
    ]);
    expect(records[1]).toMatchObject({ actionId: '7', run: 'r', details: { description: 'text' } });
  });

  it('answers in JSON', async () => {
    const { exitCode, out } = await run(temporaryBook(), ['action', '--batch', '--json'], { input });
    expect(exitCode).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      written: 4,
      rejected: [{ line: 2 }, { line: 5 }, { line: 6 }, { line: 7 }, { line: 8 }],
    });
  });

  it('keeps characters whole that are split over chunks, and ends with 0 when all is well', async () => {
    const root = temporaryBook();
    const text = `{"type": "x", "details": {"t": "${'日本語'.repeat(50_000)}"}}\n{"type": "y"}\n`;
    expect((await run(root, ['action', '--batch', '--quiet'], { input: text })).exitCode).toBe(0);
    expect((await readAll(root)).records.map(({ type }) => type)).toEqual(['x', 'y']);
  });

  it('counts a line that is too long, and goes on behind it', async () => {
    const root = temporaryBook();
    const long = `{"type": "long", "details": {"t": "${'x'.repeat(17 * 1024 * 1024)}"}}`;
    const text = `{"type": "x"}\r\n${long}\n\n{"broken\n{"type": "y"}`;
    const { out } = await run(root, ['action', '--batch', '--json'], { input: text });
    expect(JSON.parse(out)).toMatchObject({ written: 2, rejected: [{ line: 2 }, { line: 4 }] });
    expect((await readAll(root)).records.map(({ type }) => type)).toEqual(['x', 'y']);
  });
});
