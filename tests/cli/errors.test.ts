import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { temporaryBook } from '../helpers.ts';
import { emptyFolder, run } from './run.ts';
import { sampleBook } from './sample-book.ts';

describe('errors', () => {
  it('tell the option where a place was named without it', async () => {
    const { exitCode, problem } = await run(sampleBook(), ['restore', 'runs/a', '../back']);
    expect([exitCode, problem]).toEqual([2, expect.stringContaining('--into ../back')]);
  });

  it.each<[string, string[]]>([
    ['no book', ['actions']],
    ['no book to write to', ['action', 'deploy']],
    ['--dir that is missing', ['actions', '--dir', 'nowhere']],
  ])('%s', async (_, argv) => {
    const folder = emptyFolder();
    const { exitCode, out, problem } = await run(folder, argv);
    expect({ exitCode, out, problem: problem.replaceAll(folder, '<folder>') }).toMatchSnapshot();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each<[string, string[]]>([
    ['an unknown status', ['action', 'x', '--status', 'complete']],
    ['an unknown status that is like no other', ['action', 'x', '--status', 'blue']],
    ['an empty type', ['action', ' ']],
    ['no type', ['action']],
    ['an unsafe id to write', ['action', 'x', '--id', '../x']],
    ['broken JSON', ['action', 'x', '{"a": }']],
    ['details twice', ['action', 'x', 'a=1', '--file', 'y.json']],
    ['a missing details file', ['action', 'x', '--file', 'y.json']],
    ['an unsafe id to view', ['view', '../daybook.yaml']],
    ['an id with a slash', ['view', 'a/b']],
    ['an unknown id with near ones', ['view', 'action_20251222_022057_454421']],
    ['an unknown id that is like no other', ['view', 'x']],
    ['a wrong count', ['actions', 'ten']],
    ['a negative count', ['tail', '--lines', 'all']],
    ['a wrong kind', ['all', '--type', 'weekly']],
    ['a wrong port', ['serve', '--port', '99999']],
  ])('%s', async (_, argv) => {
    const root = sampleBook();
    const before = readdirSync(join(root, 'snapshots'));
    const { exitCode, out, problem } = await run(root, argv);
    expect({ exitCode, out, problem }).toMatchSnapshot();
    expect(readdirSync(join(root, 'snapshots'))).toEqual(before);
  });

  it('are JSON with --json', async () => {
    const { exitCode, out, problem } = await run(sampleBook(), [
      'action',
      'x',
      '--status',
      'complete',
      '--json',
    ]);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(JSON.parse(problem)).toEqual({
      error: {
        code: 'bad-input',
        message: 'Expected a known status, found "complete".',
        hint: expect.stringContaining('Did you mean "completed"?'),
        where: null,
      },
    });
  });

  it('of a folder that is a file says so', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'file'), '');
    const { exitCode, problem } = await run(folder, ['actions', '--dir', 'file']);
    expect({ exitCode, problem }).toMatchSnapshot();
  });

  it('shows the stack with --debug only', async () => {
    const root = sampleBook();
    expect((await run(root, ['view', 'x'])).problem).not.toContain('view-record');
    expect((await run(root, ['view', 'x', '--debug'])).problem).toContain('view-record');
  });

  it('of an unwritable folder is two sentences: what it is, and where the record waits', async () => {
    const root = emptyFolder();
    vi.stubEnv('DAYBOOK_SPOOL', join(root, 'spool'));
    onTestFinished(() => void vi.unstubAllEnvs());
    // Permissions do not stop root, but nobody may create files in the kernel's folder.
    if (process.getuid?.() === 0) symlinkSync('/sys/kernel', join(root, 'snapshots'));
    else mkdirSync(join(root, 'snapshots'), { mode: 0o500 });
    const { exitCode, out, problem } = await run(root, ['action', 'x']);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(problem).toMatch(
      /^error: .*action_log\.jsonl cannot be written: permission denied \(E[A-Z]+\)\. The record waits in [^\n]+\n hint: [^\n]+\n$/,
    );
  });

  it('of a log that is a folder is one sentence, and nothing is written', async () => {
    const root = temporaryBook();
    mkdirSync(join(root, 'snapshots/action_log.jsonl'));
    const { exitCode, problem } = await run(root, ['action', 'x']);
    expect(exitCode).toBe(1);
    expect(problem.split('\n')[0]).toMatch(/^error: /);
    expect(existsSync(join(root, 'snapshots/blobs'))).toBe(false);
  });
});
