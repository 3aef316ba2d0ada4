import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseProcEntry, parsePs, probeActiveProcesses } from '../../collector/probes/active-processes.ts';
import { probeBuildState } from '../../collector/probes/build-state.ts';
import { probeCognitiveState } from '../../collector/probes/cognitive-state.ts';
import { probeGit } from '../../collector/probes/git.ts';
import { runProbes } from '../../collector/probes/index.ts';
import { probeRailStatus } from '../../collector/probes/rail-status.ts';
import { probeSystemState } from '../../collector/probes/system-state.ts';
import { probeTaskProgress } from '../../collector/probes/task-progress.ts';
import { userProbe } from '../../collector/probes/user-probe.ts';
import { probeWorkflows } from '../../collector/probes/workflows.ts';
import { action, contextOf, folderWith, removeFolders } from './fixtures.ts';

afterAll(removeFolders);

const timeoutMs = 5000;

describe('the sections of the original', () => {
  const empty = () => contextOf(folderWith());

  it('have its fall-backs where there is nothing to read', async () => {
    expect(await probeBuildState(empty())).toEqual({ status: 'no_build_manifest' });
    expect(await probeRailStatus(empty())).toEqual({});
    expect(await probeCognitiveState(empty())).toEqual({ status: 'unknown' });
    expect(await probeTaskProgress(empty())).toEqual({ status: 'no_tasks' });
    expect(await probeWorkflows(empty())).toEqual({ active: [], completed: [], scheduled: [], files: [] });
  });

  it('read their sources whatever these are written in, and know a Git LFS pointer', async () => {
    const registry = 'memory-bundles/protocols/registry.json';
    const text = (value: string) => Buffer.from(`\ufeff${value}`, 'utf16le');
    const folder = folderWith({ 'build_manifest.yaml': '', [registry]: '' });
    writeFileSync(join(folder, 'build_manifest.yaml'), text('build_signature: BNDL-é\n'));
    writeFileSync(join(folder, registry), text('["上海"]'));
    expect(await probeBuildState(contextOf(folder))).toMatchObject({ build_signature: 'BNDL-é' });
    expect(await probeCognitiveState(contextOf(folder))).toMatchObject({ protocols: ['上海'] });
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'1d'.repeat(32)}\nsize 12\n`;
    for (const name of ['build_manifest.yaml', registry]) writeFileSync(join(folder, name), pointer);
    await expect(probeBuildState(contextOf(folder))).rejects.toThrow('Git LFS pointer');
    await expect(probeCognitiveState(contextOf(folder))).rejects.toThrow('Git LFS pointer');
  });

  it('read the build manifest', async () => {
    const manifest =
      'build_signature: BNDL-V2\ntimestamp: 2026-01-06T11:29:03Z\nrail_status:\n  ingestion: active\n';
    const context = contextOf(folderWith({ 'build_manifest.yaml': manifest }));
    expect(await probeBuildState(context)).toEqual({
      build_signature: 'BNDL-V2',
      timestamp: '2026-01-06T11:29:03Z',
      modules: [],
      provenance_hash: 'UNKNOWN',
    });
    expect(await probeRailStatus(context)).toEqual({ ingestion: 'active' });
  });

  it.each([
    ['a: [1', 'build_manifest.yaml:1: not read as YAML'],
    ['x: 1\ny: "unfinished\nz: 1\n', 'build_manifest.yaml:2: not read as YAML: the quote " is never closed'],
    ["x: 1\ny: 'unfinished\nz: 1\n", "build_manifest.yaml:2: not read as YAML: the quote ' is never closed"],
    ['a: 1\n---\nb: 2\n', 'build_manifest.yaml:2: not read as YAML: a second document begins here'],
    ['---\na: 1\n...\n---\nb: 2\n', 'build_manifest.yaml:4: not read as YAML: a second document begins here'],
    ['a: b\nc\n', 'build_manifest.yaml:2: not read as YAML'],
    ['modules:\n\t- a\n', 'build_manifest.yaml:2: not read as YAML'],
    ['a: 1\na: 2\n', 'build_manifest.yaml:2: not read as YAML: the key "a" is given twice, first in line 1'],
    ['a: {b: 1\nc: 2\n', 'build_manifest.yaml:1: not read as YAML'],
    ['- a\n', 'build_manifest.yaml holds no map of keys and values'],
    ['a: b\n\0', 'build_manifest.yaml:2: binary data where text was expected'],
    [
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n',
      'found a Git LFS pointer',
    ],
  ])('guess at no broken manifest: %j', async (text, problem) => {
    const broken = contextOf(folderWith({ 'build_manifest.yaml': text }));
    await expect(probeBuildState(broken)).rejects.toThrow(problem);
    await expect(probeRailStatus(broken)).rejects.toThrow(problem);
  });

  it('refuse a manifest that is too large', async () => {
    const huge = contextOf(folderWith({ 'build_manifest.yaml': 'x'.repeat(300_000) }));
    await expect(probeRailStatus(huge)).rejects.toThrow('larger than 256 KiB');
  });

  it('do not wait for a pipe in the place of the manifest', async () => {
    const root = folderWith({});
    execFileSync('mkfifo', [join(root, 'build_manifest.yaml')]);
    await expect(probeBuildState(contextOf(root))).rejects.toThrow('is a pipe');
  });

  it('make the health degraded where a workflow cannot be read', async () => {
    const root = folderWith({
      '.github/workflows/a.yml': 'on: [push\n',
      '.github/workflows/b.yml': 'on: push\n',
    });
    const { sections, failures } = await runProbes(contextOf(root), [
      { section: 'workflows', probe: probeWorkflows, timeoutMs: 5000 },
    ]);
    expect(sections['workflows']).toMatchObject({
      files: [{ file: '.github/workflows/a.yml' }, { name: 'b.yml' }],
    });
    expect(failures).toMatchObject([{ section: 'workflows', error: expect.stringContaining('a.yml:') }]);
  });

  it('give the last ten lines of the relay that say something', async () => {
    const text = `\n${Array.from({ length: 12 }, (_, index) => `  entry ${index}  \r\n\r\n`).join('')}`;
    const context = contextOf(folderWith({ 'memory-bundles/outcome-relay.md': text }));
    const expected = Array.from({ length: 10 }, (_, index) => `entry ${index + 2}`);
    expect(await probeTaskProgress(context)).toEqual({ recent_activities: expected, total_entries: 12 });
  });

  it('say how the machine is', async () => {
    const state = (await probeSystemState(empty())) as Record<string, number>;
    expect(state).toMatchObject({
      timestamp: '2026-03-01T10:10:00.000000Z',
      node_version: process.versions.node,
    });
    expect(state.uptime).toBeGreaterThan(0);
    expect(state.memory_available_bytes).toBeGreaterThan(0);
    expect(state.memory_available_bytes).toBeLessThanOrEqual(state.memory_total_bytes!);
    expect(state.disk_available_bytes).toBeLessThanOrEqual(state.disk_total_bytes!);
    expect(state.load_average).toHaveLength(3);
  });
});

describe('active_processes', () => {
  it('lists the busiest, with numbers and without command lines', async () => {
    const section = (await probeActiveProcesses(contextOf('.'))) as { count: number; processes: object[] };
    expect(section.count).toBeGreaterThan(1);
    expect(section.processes.length).toBe(Math.min(20, section.count));
    for (const entry of section.processes)
      expect(Object.keys(entry)).toEqual(['pid', 'name', 'cpu_seconds', 'memory_bytes']);
  });

  it('reads names with brackets and spaces from /proc', () => {
    const stat = '42 (a) b (c)) S 1 42 42 0 -1 4194560 9 0 0 0 150 50 0 0 20 0 1 0 100 1 1';
    expect(parseProcEntry(42, stat, 'Name:\tx\nVmRSS:\t  2048 kB\n')).toEqual({
      pid: 42,
      name: 'a) b (c)',
      cpu_seconds: 2,
      memory_bytes: 2_097_152,
    });
  });

  it('reads ps, with paths cut to names', () => {
    expect(
      parsePs('    1  1024   0:01.50 /sbin/launchd\n  77    10 1-02:03:04 Google Chrome He\nnonsense\n'),
    ).toEqual([
      { pid: 1, name: 'launchd', cpu_seconds: 1.5, memory_bytes: 1_048_576 },
      { pid: 77, name: 'Google Chrome He', cpu_seconds: 93_784, memory_bytes: 10_240 },
    ]);
  });
});

describe('workflows', () => {
  const files = {
    '.github/workflows/daybook.yml':
      'name: Daybook\non:\n  schedule:\n    - cron: "17,47 * * * *"\n    - cron: "0 12 * * *"\n  push:\n    branches: [main]\n',
    '.github/workflows/test.yaml': 'on: [push, pull_request]\njobs: {}\n',
    '.github/workflows/broken.yml': '- [',
    '.github/workflows/readme.txt': 'x',
  };

  it('shows triggers, cron lines and the next slot of each, and survives a broken one', async () => {
    const section = await probeWorkflows(contextOf(folderWith(files)));
    const daybook = {
      name: 'Daybook',
      file: '.github/workflows/daybook.yml',
      triggers: ['schedule', 'push'],
      crons: ['17,47 * * * *', '0 12 * * *'],
      next: '2026-03-01T10:17:00.000000Z',
    };
    expect(section).toMatchObject({
      scheduled: [daybook],
      files: [
        { name: 'broken.yml', error: expect.stringContaining('.github/workflows/broken.yml') },
        daybook,
        { name: 'test.yaml', triggers: ['push', 'pull_request'] },
      ],
    });
  });

  it('takes running and ended actions of the last day from the log, lines of one action once', async () => {
    const actions = [
      action('deploy', 'completed', 1, 'd'),
      action('train', 'running', 5, 't'),
      action('deploy', 'executing', 9, 'd'),
      action('test', 'failed', 20),
      action('old', 'executing', 2000),
    ];
    expect(await probeWorkflows(contextOf(folderWith(), actions))).toMatchObject({
      active: [{ id: 't', type: 'train', status: 'running', started_at: '2026-03-01T10:05:00.000000Z' }],
      completed: [{ type: 'deploy' }, { type: 'test', status: 'failed' }],
    });
  });
});

describe('git', () => {
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args], {
      cwd,
      encoding: 'utf8',
    }).trim();

  it('says what a repository is: new, ahead, dirty, detached', async () => {
    const root = folderWith({ 'a.txt': '1' });
    git(root, 'init', '--quiet', '--initial-branch=main');
    expect(await probeGit(contextOf(root))).toMatchObject({
      branch: 'main',
      head: null,
      subject: null,
      upstream: null,
      dirty_count: 1,
    });
    git(root, 'add', '.');
    git(root, 'commit', '--quiet', '-m', 'First: "quoted" & <b>');
    git(root, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
    git(root, 'config', 'branch.main.remote', 'origin');
    git(root, 'config', 'branch.main.merge', 'refs/heads/main');
    git(root, 'config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*');
    git(root, 'config', 'remote.origin.url', '.');
    git(root, 'commit', '--quiet', '--allow-empty', '-m', 'Second');
    for (let index = 0; index < 60; index++) writeFileSync(join(root, `new ${index}.txt`), '');
    const section = (await probeGit(contextOf(root))) as { dirty_files: string[] };
    expect(section).toMatchObject({
      branch: 'main',
      detached: false,
      head: git(root, 'rev-parse', 'HEAD'),
      subject: 'Second',
      upstream: 'origin/main',
      ahead: 1,
      behind: 0,
      dirty_count: 60,
      conflicted: 0,
    });
    expect(section.dirty_files).toHaveLength(50);
    expect(section.dirty_files[0]).toBe('new 0.txt');
    git(root, 'checkout', '--quiet', '--detach', 'HEAD~1');
    expect(await probeGit(contextOf(root))).toMatchObject({
      branch: null,
      detached: true,
      subject: 'First: "quoted" & <b>',
      ahead: null,
    });
  });

  it('says that there is none, also where git runs us as a hook of another repository', async () => {
    const root = folderWith();
    const before = process.env.GIT_DIR;
    process.env.GIT_DIR = join(process.cwd(), '.git');
    try {
      expect(await probeGit(contextOf(root))).toEqual({ status: 'no_repository' });
    } finally {
      if (before === undefined) delete process.env.GIT_DIR;
      else process.env.GIT_DIR = before;
    }
  });

  it('does not write: the index stays as it is', async () => {
    const root = folderWith({ 'a.txt': '1' });
    git(root, 'init', '--quiet');
    git(root, 'add', '.');
    writeFileSync(join(root, 'a.txt'), '1');
    const before = readFileSync(join(root, '.git/index'));
    await probeGit(contextOf(root));
    expect(readFileSync(join(root, '.git/index')).equals(before)).toBe(true);
  });
});

describe('probes of the user', () => {
  const run = (config: Parameters<typeof userProbe>[0], root = folderWith()) =>
    userProbe(config)(contextOf(root));
  const command = (text: string | string[], as?: 'json' | 'yaml' | 'text', ms = timeoutMs) =>
    run({ name: 'x', kind: 'command', command: text, as, timeoutMs: ms });

  it('take JSON where the output is JSON, text otherwise, and what was asked for', async () => {
    expect(await command('echo \'{"a": [1]}\'')).toEqual({ a: [1] });
    expect(await command('echo "two  words"; echo')).toBe('two  words');
    expect(await command('echo 12', 'text')).toBe('12');
    expect(await command('echo "a: [1, b]"', 'yaml')).toEqual({ a: [1, 'b'] });
    await expect(command('echo x', 'json')).rejects.toThrow(
      /^the output of the command:1:1: not read as JSON: expected a value/,
    );
  });

  it('run a list without a shell', async () => {
    expect(await command([process.execPath, '-p', 'process.argv[1]', '$HOME;'])).toBe('$HOME;');
  });

  it('say why a command gave nothing', async () => {
    await expect(command('echo "no \u001b[31msuch thing" >&2; exit 3')).rejects.toThrow(
      'the command failed with exit code 3: no \\u001b[31msuch thing',
    );
    await expect(command('sleep 30', undefined, 200)).rejects.toThrow(
      'no end after 200 milliseconds; it was stopped',
    );
    await expect(command('head -c 400000 /dev/zero')).rejects.toThrow('printed more than 256 KiB');
    await expect(command(['no-such-program-daybook'])).rejects.toThrow(
      'Cannot start "no-such-program-daybook"',
    );
  });

  it('read files by their ending or as asked', async () => {
    const root = folderWith({ 'a.json': '{"a":1}', 'b.yml': 'b: 2', 'c.txt': 'three\n', 'd.json': '{' });
    const file = (name: string, as?: 'json' | 'yaml' | 'text') =>
      run({ name: 'x', kind: 'file', file: name, as, timeoutMs }, root);
    expect(await file('a.json')).toEqual({ a: 1 });
    expect(await file('b.yml')).toEqual({ b: 2 });
    expect(await file('c.txt')).toBe('three');
    expect(await file('a.json', 'text')).toBe('{"a":1}');
    await expect(file('d.json')).rejects.toThrow(
      'd.json:1:2: not read as JSON: expected a name in double quotes',
    );
    await expect(file('e.json')).rejects.toThrow('there is no file e.json');
  });

  it('take no JSON with a key that stands twice, and say where JSON breaks off', async () => {
    const root = folderWith({
      'twice.json': '{"lr": 1,\n "b": [\n  {"c": 1, "c": 2}]}',
      'cut.json': '{"lr": 1,\n "b": [1,',
      'quote.json': '{"lr": 1,\n "b": "never closed\n}\n',
      'memory-bundles/protocols/registry.json': '{"protocols": ["a"],\n"protocols": ["b"]}',
    });
    const file = (name: string) =>
      run({ name: 'x', kind: 'file', file: name, as: undefined, timeoutMs }, root);
    await expect(file('twice.json')).rejects.toThrow(
      'twice.json:3: not read as JSON: the key "c" is given twice, first in line 3',
    );
    await expect(file('cut.json')).rejects.toThrow(/^cut\.json:2:10: not read as JSON: expected a value/);
    await expect(file('quote.json')).rejects.toThrow(/^quote\.json:2:\d+: not read as JSON/);
    await expect(probeCognitiveState(contextOf(root))).rejects.toThrow(
      'registry.json:2: not read as JSON: the key "protocols" is given twice, first in line 1',
    );
  });

  it('count files and bytes', async () => {
    const root = folderWith({
      'a/1.txt': 'abc',
      'a/b/2.txt': 'de',
      'a/3.md': 'f',
      'node_modules/x/4.txt': 'g',
      '.h/5.txt': 'hi',
    });
    const glob = (...patterns: string[]) => run({ name: 'x', kind: 'glob', glob: patterns, timeoutMs }, root);
    expect(await glob('**/*.txt')).toEqual({ count: 3, total_bytes: 7 });
    expect(await glob('a/*', '!a/*.md')).toEqual({ count: 1, total_bytes: 3 });
    expect(await glob('node_modules/**')).toEqual({ count: 1, total_bytes: 1 });
    expect(await glob('none/**')).toEqual({ count: 0, total_bytes: 0 });
  });
});

describe('runProbes', () => {
  it('fills every section in order; what fails or is late leaves an error there and nothing else is touched', async () => {
    const never = () => new Promise<never>(() => {});
    const report = await runProbes(contextOf('.'), [
      { section: 'good', probe: async () => ({ a: 1 }), timeoutMs },
      { section: 'late', probe: never, timeoutMs: 50 },
      {
        section: 'throws',
        probe: () => {
          throw new Error('at once');
        },
        timeoutMs,
      },
      {
        section: 'rejects',
        probe: async () => {
          throw new Error('later\u001b[0m');
        },
        timeoutMs,
      },
    ]);
    expect(report.sections).toEqual({
      good: { a: 1 },
      late: { error: 'no answer after 50 milliseconds' },
      throws: { error: 'at once' },
      rejects: { error: 'later\\u001b[0m' },
    });
    expect(report.failures.map(({ section }) => section)).toEqual(['late', 'throws', 'rejects']);
  });

  it('runs the built-in probes and those of the user at once', async () => {
    const sleep = (name: string) =>
      ({ name, kind: 'command', command: 'sleep 0.4; echo done', as: undefined, timeoutMs }) as const;
    const started = performance.now();
    const { sections, failures } = await runProbes(
      contextOf(folderWith(), [], [sleep('one'), sleep('two'), sleep('three')]),
    );
    expect(performance.now() - started).toBeLessThan(1150);
    expect(failures).toEqual([]);
    expect(Object.keys(sections)).toEqual([
      'system_state',
      'build_state',
      'rail_status',
      'active_processes',
      'workflows',
      'cognitive_state',
      'task_progress',
      'git',
      'one',
      'two',
      'three',
    ]);
  });
});
