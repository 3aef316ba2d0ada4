import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../collector/base/clock.ts';
import { ownMark } from '../../collector/base/processes.ts';
import { recordAction } from '../../collector/operations/actions/record.ts';
import { commandLine } from '../command-line.ts';
import { diskErrors, type FileFault, runFaulty } from '../faults.ts';
import { readAll, temporaryBook, temporaryFolder } from '../helpers.ts';
import { repository } from '../store/receipts/repository.ts';

const log = 'snapshots/action_log.jsonl';
const script = 'cat; echo "$1" >&2; exit 3';
const command = ['--', 'sh', '-c', script, 'sh', 'a  b'];

/** Runs it, and checks all that must hold whatever becomes of the recording. */
function exec(
  root: string,
  options: string[] = [],
  world: { faults?: FileFault[]; spool?: string } = {},
): { warnings: string[]; spool: string } {
  const spool = world.spool ?? join(temporaryFolder(), 'spool');
  const ran = runFaulty(root, ['exec', 'job', ...options, ...command], { ...world, spool, input: 'in\n' });
  expect(ran).toMatchObject({ status: 3, signal: null, stdout: 'in\n' });
  const lines = ran.stderr.trimEnd().split('\n');
  expect(lines).toContain('a  b');
  const warnings = lines.filter((line) => line.startsWith('warning: '));
  return { warnings, spool };
}

/** What the next recording finds: both ends of the command, once, and nothing in the spool any more. */
async function expectTakenIn(root: string, spool: string): Promise<void> {
  vi.stubEnv('DAYBOOK_SPOOL', spool);
  await recordAction(root, { type: 'next', details: {} }, { clock: systemClock, env: {} });
  vi.unstubAllEnvs();
  const { records, findings } = await readAll(root);
  expect(records.map(({ type, status }) => `${type} ${status}`)).toEqual([
    'job running',
    'job failed',
    'next completed',
  ]);
  expect(new Set(records.slice(0, 2).map(({ actionId }) => actionId)).size).toBe(1);
  expect(findings).toEqual([]);
  expect(existsSync(spool) ? readdirSync(spool) : []).toEqual([]);
}

describe.each(Object.entries(diskErrors))('exec where the log answers %s', (code, words) => {
  it.each([
    ['at the first write', 1, false],
    ['at the second write', 2, false],
    ['at the first write, with --lock', 1, true],
    ['at the second write, with --lock', 2, true],
  ] as const)('%s, runs the command, says so once and loses nothing', async (_, nth, isLocked) => {
    const root = isLocked ? repository() : temporaryBook();
    const options = isLocked ? ['--lock', '--out', 'r'] : [];
    const { warnings, spool } = exec(root, options, {
      faults: [{ call: 'writeSync', path: 'action_log', code, nth }],
    });
    expect(warnings).toEqual([expect.stringContaining(words)]);
    expect(warnings[0]).toContain(code);
    if (isLocked) expect(readFileSync(join(root, 'r/run.lock'), 'utf8')).toContain('exit_code: 3');
    await expectTakenIn(root, spool);
  });

  it('for the receipt runs the command all the same', async () => {
    const root = repository();
    const faults: FileFault[] = [{ call: 'openSync', path: 'run\\.lock$', code }];
    const { warnings } = exec(root, ['--lock', '--out', 'r'], { faults });
    expect(warnings).toEqual([expect.stringContaining(words)]);
    const { records } = await readAll(root);
    expect(records.map(({ run, status }) => [run, status])).toEqual([
      ['r', 'running'],
      ['r', 'failed'],
    ]);
  });
});

describe('exec where nothing of the log can be opened', () => {
  it('keeps both ends together', async () => {
    const root = temporaryBook();
    const faults: FileFault[] = [{ call: 'openSync', path: 'action_log', code: 'EROFS' }];
    const { warnings, spool } = exec(root, ['--id', 'x', '--run', 'r'], { faults });
    expect(warnings).toHaveLength(1);
    await expectTakenIn(root, spool);
  });
});

describe('exec where the spool cannot be written either', () => {
  const faults = (spool: FileFault, own: Partial<FileFault> = {}): FileFault[] => [
    { call: 'writeSync', path: 'action_log', code: 'ENOSPC', ...own },
    spool,
  ];

  it('keeps the beginning in memory until the end, when there is room again', async () => {
    const root = temporaryBook();
    const { warnings, spool } = exec(root, [], {
      faults: faults({ call: 'mkdirSync', path: 'spool', code: 'ENOSPC' }, { nth: 1 }),
    });
    expect(warnings).toEqual([]);
    await expectTakenIn(root, spool);
  });

  it('says that the record is lost, and nothing is reported as kept', async () => {
    const root = temporaryBook();
    const { warnings } = exec(root, [], {
      faults: faults({ call: 'writeSync', path: 'spool', code: 'EROFS' }),
    });
    expect(warnings).toEqual([expect.stringContaining('2 records could be kept nowhere and are lost')]);
    expect((await readAll(root)).records).toEqual([]);
  });

  it('never uses a folder or link that somebody else put there', () => {
    const root = temporaryBook();
    const faults: FileFault[] = [{ call: 'openSync', path: 'action_log', code: 'EROFS' }];
    const planted = temporaryFolder();
    const spool = join(temporaryFolder(), 'spool');
    symlinkSync(planted, spool);
    expect(exec(root, [], { faults, spool }).warnings).toEqual([expect.stringContaining('lost')]);
    rmSync(spool);
    mkdirSync(spool);
    chmodSync(spool, 0o777);
    expect(exec(root, [], { faults, spool }).warnings).toEqual([expect.stringContaining('lost')]);
    expect([...readdirSync(planted), ...readdirSync(spool)]).toEqual([]);
  });
});

describe('exec where something else stands in the place of the log', () => {
  const snapshots = (root: string) => join(root, 'snapshots');
  const path = (root: string) => join(root, log);
  const instead = (root: string, place: (path: string) => void) => {
    rmSync(snapshots(root), { recursive: true });
    place(snapshots(root));
  };
  it.each<[string, (root: string) => void]>([
    ['snapshots/ is a file', (root) => instead(root, (at) => writeFileSync(at, ''))],
    ['snapshots/ is a link that leads nowhere', (root) => instead(root, (at) => symlinkSync('gone', at))],
    ['the log is a folder', (root) => mkdirSync(path(root))],
    ['the log is a pipe', (root) => void spawnSync('mkfifo', [path(root)])],
    ['the log is a link that leads nowhere', (root) => symlinkSync('gone', path(root))],
    ['the log is a link to itself', (root) => symlinkSync('action_log.jsonl', path(root))],
    ['the log is a link to a full device', (root) => symlinkSync('/dev/full', path(root))],
  ])('%s', async (_, place) => {
    const root = temporaryBook();
    place(root);
    const { warnings, spool } = exec(root);
    expect(warnings).toEqual([expect.stringContaining('wait')]);
    rmSync(snapshots(root), { recursive: true, force: true });
    await expectTakenIn(root, spool);
  });

  it('the files of git and daybook.yaml are broken', async () => {
    const root = temporaryBook({ 'daybook.yaml': 'durability: [1, \n  x: {', '.git': 'gitdir: .git' });
    const { spool, warnings } = exec(root);
    expect(warnings).toEqual([expect.stringMatching(/^warning: daybook\.yaml:1 durability: expected /)]);
    await expectTakenIn(root, spool);
  });

  it.each([
    [
      'a setting nobody knows',
      'title: x\nprobez: 1\nretention: {count: a}\n',
      /daybook\.yaml:2 probez: .* and 1 more/,
    ],
    ['a cron line that is none', "schedule:\n  cron: '77 * * * *'\n", /daybook\.yaml:\d schedule/],
    ['two documents', 'title: x\n---\ntitle: y\n', /daybook\.yaml:2: .*second document/],
    ['a title twice', 'title: x\ntitle: y\n', /daybook\.yaml:2: .*given twice/],
  ])('daybook.yaml holds %s, which one warning says', async (_, text, words) => {
    const { spool, warnings } = exec(temporaryBook({ 'daybook.yaml': text }));
    expect(warnings).toEqual([expect.stringMatching(words)]);
    expect(existsSync(spool)).toBe(false);
  });

  it('says nothing of a daybook.yaml that is right', () => {
    const template = readFileSync(new URL('../../templates/daybook.yaml', import.meta.url), 'utf8');
    for (const text of [template, 'title: x\n', 'schedule: 30m\nprobes: []\n'])
      expect(exec(temporaryBook({ 'daybook.yaml': text })).warnings).toEqual([]);
  });

  it('a pipe stands where git keeps its head', async () => {
    const root = temporaryBook({ '.git/refs/x': '' });
    spawnSync('mkfifo', [join(root, '.git/HEAD')]);
    const { warnings, spool } = exec(root);
    expect(warnings).toEqual([]);
    await expectTakenIn(root, spool);
  });

  it('the command itself took the recordings away', async () => {
    const root = temporaryBook();
    const ran = runFaulty(
      root,
      ['exec', 'job', '--', 'sh', '-c', 'rm -r snapshots; mkdir snapshots; exit 4'],
      {
        spool: join(temporaryFolder(), 'spool'),
      },
    );
    expect(ran.status).toBe(4);
    expect((await readAll(root)).records.map(({ status }) => status)).toEqual(['failed']);
  });

  it('the limit of the shell for files is small', async () => {
    const root = temporaryBook({ [log]: `${'x'.repeat(16 * 1024)}\n` });
    const spool = join(temporaryFolder(), 'spool');
    const line = `ulimit -f 16 && exec "$0" "$1" exec job -- sh -c 'echo "$1" >&2; exit 3' sh 'a  b'`;
    const ran = spawnSync('bash', ['-c', line, process.execPath, commandLine], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, DAYBOOK_SPOOL: spool },
    });
    expect(ran.status).toBe(3);
    expect(ran.stderr).toMatch(/^warning: .*may not grow any further \(EFBIG\).*\na {2}b\n$/);
    rmSync(join(root, log));
    await expectTakenIn(root, spool);
  });
});

describe('exec without a book', () => {
  it('runs the command and says that nothing is recorded', () => {
    const folder = temporaryFolder();
    const { warnings } = exec(folder);
    expect(warnings).toEqual([expect.stringContaining('nothing of it is recorded')]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused where the line itself is wrong', () => {
    const spool = join(temporaryFolder(), 'spool');
    const root = temporaryBook();
    for (const wrong of [['--id', '../x'], ['--run', ' '], ['--nope'], ['--lock']]) {
      const ran = runFaulty(root, ['exec', 'job', ...wrong, '--', 'echo', 'started'], { spool });
      expect(ran).toMatchObject({ status: 2, stdout: '' });
    }
  });
});

describe('commands that only record', () => {
  it.each([[['action', 'deploy', '--json']], [['periodic', '--json']]])(
    '%j end with 1, name the place where the record waits, and it is taken in once',
    async (argv) => {
      const root = temporaryBook();
      const spool = join(temporaryFolder(), 'spool');
      const faults: FileFault[] = [
        { call: 'openSync', path: 'action_log|daybook-tmp', code: 'EROFS' },
        { call: 'linkSync', path: 'periodic', code: 'EROFS' },
      ];
      const ran = runFaulty(root, argv, { faults, spool });
      expect({ status: ran.status, stdout: ran.stdout }).toEqual({ status: 1, stdout: '' });
      const { error } = JSON.parse(ran.stderr);
      expect(error).toMatchObject({
        code: 'unwritable',
        message: expect.stringContaining(`waits in ${spool}`),
      });
      const told = JSON.parse(runFaulty(root, ['doctor', '--json'], { spool }).stdout);
      expect(told.findings).toMatchObject([
        {
          code: 'waiting-records',
          severity: 'warning',
          found: expect.stringContaining(`1 record that waits in the spool at ${spool}`),
        },
      ]);
      const mended = JSON.parse(runFaulty(root, ['doctor', '--repair', '--json'], { spool }).stdout);
      expect(mended).toMatchObject({ findings: [], repairs: [{ did: 'took in a record from the spool' }] });
      const kept = readdirSync(join(root, 'snapshots')).filter((name) =>
        /^(?:action_log|periodic)/.test(name),
      );
      expect(kept).toHaveLength(1);
      expect(existsSync(spool) ? readdirSync(spool) : []).toEqual([]);
    },
  );

  it('keep large details whole', async () => {
    const root = temporaryBook();
    const spool = join(temporaryFolder(), 'spool');
    const input = JSON.stringify({ text: 'x'.repeat(100_000) });
    const faults: FileFault[] = [{ call: 'openSync', path: 'snapshots', code: 'ENOSPC' }];
    expect(runFaulty(root, ['action', 'large', '-'], { faults, spool, input }).status).toBe(1);
    expect(runFaulty(root, ['action', 'next'], { spool }).status).toBe(0);
    const view = runFaulty(root, ['actions', '--json'], { spool });
    expect(view.stdout).toContain('"large"');
    expect(runFaulty(root, ['doctor', '--json'], { spool })).toMatchObject({ status: 0 });
    expect(readdirSync(join(root, 'snapshots/blobs'))).toHaveLength(1);
  });

  it('keep the lines of a batch together and say how many', async () => {
    const root = temporaryBook();
    const spool = join(temporaryFolder(), 'spool');
    const input = Array.from({ length: 50 }, (_, index) => `{"type":"t${index}"}`).join('\n');
    const faults: FileFault[] = [{ call: 'openSync', path: 'action_log', code: 'ENOSPC' }];
    const ran = runFaulty(root, ['action', '--batch'], { faults, spool, input });
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain('0 recorded, 50 not, 0 rejected.');
    expect(ran.stderr).toContain('50 records wait');
    expect(readdirSync(join(spool, readdirSync(spool)[0]!))).toHaveLength(1);
    expect(runFaulty(root, ['action', 'next'], { spool }).status).toBe(0);
    expect((await readAll(root)).records).toHaveLength(51);
  });
});

describe('the spool', () => {
  it('is private and bound to the real path of its book', async () => {
    const root = temporaryBook();
    const link = join(temporaryFolder(), 'link');
    symlinkSync(root, link);
    const spool = join(temporaryFolder(), 'spool');
    const faults: FileFault[] = [{ call: 'openSync', path: 'action_log', code: 'EROFS' }];
    exec(link, [], { faults, spool });
    const [name] = readdirSync(spool) as [string];
    expect(statSync(spool).mode & 0o777).toBe(0o700);
    expect(statSync(join(spool, name)).mode & 0o777).toBe(0o700);
    const other = temporaryBook();
    expect(runFaulty(other, ['action', 'other'], { spool }).status).toBe(0);
    expect((await readAll(other)).records).toHaveLength(1);
    await expectTakenIn(root, spool);
  });

  it('gives each record to one of many takers', async () => {
    const root = temporaryBook();
    const spool = join(temporaryFolder(), 'spool');
    const faults: FileFault[] = [{ call: 'openSync', path: 'action_log', code: 'EROFS' }];
    for (let at = 0; at < 5; at++) runFaulty(root, ['action', `waiting-${at}`], { faults, spool });
    const env = { ...process.env, DAYBOOK_SPOOL: spool };
    const takers = Array.from({ length: 6 }, (_, at) =>
      spawn(process.execPath, [commandLine, 'action', `taker-${at}`, '-q'], { cwd: root, env }),
    );
    for (const [code] of await Promise.all(takers.map((taker) => once(taker, 'exit')))) expect(code).toBe(0);
    const lines = readFileSync(join(root, log), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(11);
    expect(new Set(lines.map((line) => JSON.parse(line).action.type)).size).toBe(11);
  });

  it('is finished by the next where a taker died, and leaves what is damaged to doctor', async () => {
    const root = temporaryBook();
    const spool = join(temporaryFolder(), 'spool');
    const faults: FileFault[] = [{ call: 'openSync', path: 'action_log', code: 'EROFS' }];
    for (const type of ['one', 'two']) runFaulty(root, ['action', type], { faults, spool });
    const folder = join(spool, readdirSync(spool)[0]!);
    const [one, two] = readdirSync(folder).sort() as [string, string];
    const { pid } = spawnSync('true');
    const claim = `.${ownMark().place}-${pid}-1.taking`;
    renameSync(join(folder, one), join(folder, one.replace('.jsonl', claim)));
    const text = readFileSync(join(folder, two), 'utf8');
    writeFileSync(join(folder, two), text.replace('"type', '"tYpe'));
    expect(runFaulty(root, ['action', 'next'], { spool }).status).toBe(0);
    expect((await readAll(root)).records.map(({ type }) => type)).toEqual(['one', 'next']);
    const { findings } = JSON.parse(runFaulty(root, ['doctor', '--json'], { spool }).stdout);
    expect(findings).toMatchObject([
      { code: 'waiting-records', found: expect.stringContaining('1 of its files cannot be read') },
    ]);
  });

  it('stays where it is while the book cannot be written, and never grows without bounds', async () => {
    const root = temporaryBook();
    const spool = join(temporaryFolder(), 'spool');
    const faults: FileFault[] = [{ call: 'openSync', path: 'snapshots', code: 'EROFS' }];
    const input = JSON.stringify({ text: 'x'.repeat(7_000_000) });
    const tell = () => runFaulty(root, ['action', 'big', '-'], { faults, spool, input }).stderr;
    expect(tell()).toContain('waits in');
    expect(tell()).toContain('waits in');
    expect(tell()).toContain('could be kept nowhere');
    expect(runFaulty(root, ['action', 'next'], { spool }).status).toBe(0);
    expect((await readAll(root)).records).toHaveLength(3);
  });
});
