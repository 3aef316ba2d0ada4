import { spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { daybookVersion } from '../collector/base/version.ts';
import { parseConfig } from '../collector/formats/config/config.ts';
import { temporaryFolder } from './helpers.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));
const own = join(repository, '.github/workflows');
const workflows = [
  join(repository, 'templates/workflow.yml'),
  ...(existsSync(own) ? readdirSync(own).map((name) => join(own, name)) : []),
].filter((path) => /\.ya?ml$/.test(path));

interface Workflow {
  on: { schedule?: { cron: string }[] };
  permissions: Record<string, string>;
  concurrency?: { group: string };
  jobs: Record<string, { permissions?: Record<string, string>; steps: { run?: string; uses?: string }[] }>;
}

describe.each(workflows)('%s', (path) => {
  const workflow = parse(readFileSync(path, 'utf8')) as Workflow;
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

  it('pastes nothing into a line of shell', () => {
    for (const { run } of steps) expect(run ?? '').not.toContain('${{');
  });

  it('pins every action by its full commit id', () => {
    for (const { uses } of steps)
      if (uses !== undefined) expect(uses).toMatch(/^(\.\/|[\w./-]+@[0-9a-f]{40}$)/);
  });

  it('may only read unless a job says more', () => {
    expect(
      Object.values(workflow.permissions ?? { all: 'write' }).filter((right) => right !== 'read'),
    ).toEqual([]);
  });
});

describe('the workflow template', () => {
  const workflow = parse(readFileSync(workflows[0]!, 'utf8')) as Workflow;

  it('runs one at a time, away from the start of the hour, on the schedule that daybook.yaml expects', async () => {
    const text = readFileSync(join(repository, 'templates/daybook.yaml'), 'utf8');
    const { config, findings } = await parseConfig(text, 'daybook.yaml');
    const cron = workflow.on.schedule![0]!.cron;
    expect(findings).toEqual([]);
    expect(config.schedule).toMatchObject({ kind: 'cron', cron });
    expect(
      cron
        .split(' ')[0]!
        .split(',')
        .map(Number)
        .filter((minute) => minute % 5 === 0),
    ).toEqual([]);
    expect(workflow.concurrency).toMatchObject({ group: 'daybook' });
  });

  it('uses this version', () => {
    expect(readFileSync(workflows[0]!, 'utf8')).toContain(`DAYBOOK: daybook@${daybookVersion}`);
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
      /^# (?=(?:title|probes|durability|actionFiles|redaction|receipts|runs|exec|retention|archive|site):| {2})/gm,
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
