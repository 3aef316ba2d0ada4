import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { getRun, readBookRuns } from '../../collector/operations/runs/find.ts';
import { commandLine } from '../command-line.ts';
import { readAll, temporaryFolder } from '../helpers.ts';
import { git, put, repository } from '../store/receipts/repository.ts';
import { python, pythonEnv } from './python.ts';

/** Folders of reruns are looked for in a temporary folder of their own. */
function world(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv & { TMPDIR: string } {
  return { ...pythonEnv(), TMPDIR: realpathSync(temporaryFolder()), ...more };
}

function daybook(root: string, args: string[], env: NodeJS.ProcessEnv = world()) {
  return spawnSync(process.execPath, [commandLine, ...args], { cwd: root, encoding: 'utf8', env });
}

function recorded(root: string, options: string[], script: string, env?: NodeJS.ProcessEnv): void {
  const ran = daybook(root, ['exec', 'train', '--lock', ...options, '--', 'sh', '-c', script], env);
  expect(ran.stderr).toContain('issued');
}

function rerun(root: string, args: string[], env?: NodeJS.ProcessEnv) {
  const ran = daybook(root, ['rerun', ...args, '--json'], env);
  return { ...ran, said: ran.stdout === '' ? undefined : JSON.parse(ran.stdout) };
}

/** Everything below a folder, to see that it stays as it is. */
function contentOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return Object.fromEntries(
    files.map((each) => {
      const path = join(each.parentPath, each.name);
      return [path, readFileSync(path, 'utf8')];
    }),
  );
}

const writes = `mkdir -p runs/a && cat code.txt in.csv > runs/a/model
echo '{"step": 1, "loss": '$(cat code.txt)'}' >> runs/a/metrics.jsonl`;
const options = ['--repo', 'code=.', '--data', 'in.csv', '--output', 'model=runs/a/model', '--out', 'runs/a'];

/** A repository whose data is ignored, and a run of it. */
function recordedBook(script = writes, more: string[] = []): string {
  const root = repository({ 'code.txt': '0.5\n', '.gitignore': 'in.csv\nruns/\n.daybook/\nsnapshots/\n' });
  put(root, { 'in.csv': '1\n' });
  recorded(root, [...options, ...more], script);
  return root;
}

describe('daybook rerun', () => {
  it('runs the recorded code, not that of now, as a new run that names the first one and says it came to the same', async () => {
    const root = recordedBook();
    const first = contentOf(join(root, 'runs/a'));
    put(root, { 'code.txt': '7\n' });
    const env = world();
    const { status, said } = rerun(root, ['a'], env);
    expect(said).toMatchObject({ of: 'runs/a', run: 'runs/a_rerun', verdict: 'same', exit_code: 0 });
    expect(said.results.map(({ name, state }: { name: string; state: string }) => [name, state])).toEqual([
      ['exit code', 'same'],
      ['model', 'same'],
      ['loss', 'same'],
    ]);
    expect(status).toBe(0);
    expect(readFileSync(join(root, 'runs/a_rerun/model'), 'utf8')).toBe('0.5\n1\n');
    expect(contentOf(join(root, 'runs/a'))).toEqual(first);
    expect(readFileSync(join(root, 'code.txt'), 'utf8')).toBe('7\n');
    expect(readdirSync(env.TMPDIR)).toEqual([]);
    expect(git(root, 'worktree', 'list').split('\n')).toHaveLength(1);
    const runs = await readBookRuns(root);
    expect(getRun(runs, 'runs/a').reruns).toMatchObject([{ key: 'runs/a_rerun', verdict: 'same' }]);
    const second = getRun(runs, 'runs/a_rerun');
    expect(second).toMatchObject({ status: 'completed', metrics: { loss: 0.5 } });
    expect(second.parents).toMatchObject([{ key: 'runs/a', kind: 'rerun' }]);
    expect(second.receipt?.environment).toMatchObject({ command: ['sh', '-c', writes], cwd: '.' });
    expect(second.receipt?.repos).toEqual(getRun(runs, 'runs/a').receipt?.repos);
    // What was repeated can be repeated.
    expect(rerun(root, ['runs/a_rerun']).said).toMatchObject({ verdict: 'same', run: 'runs/a_rerun_2' });
    const shown = daybook(root, ['runs', 'runs/a']).stdout;
    expect(shown).toContain('repeated 1 time: runs/a_rerun same');
    expect(daybook(root, ['runs', 'runs/a_rerun']).stdout).toContain('repeats runs/a: same');
  });

  it('tells results apart that are within the tolerance, and ends with 4 where they are different', () => {
    const outside = join(temporaryFolder(), 'loss');
    writeFileSync(outside, '0.5');
    const root = recordedBook(
      `mkdir -p runs/a; echo x > runs/a/model; echo '{"step": 1, "loss": '$(cat ${outside})'}' >> runs/a/metrics.jsonl`,
    );
    writeFileSync(outside, '0.5004');
    const near = rerun(root, ['a', '--tolerance', '1e-3']);
    expect([near.status, near.said.verdict]).toEqual([0, 'within tolerance']);
    const far = rerun(root, ['runs/a']);
    expect([far.status, far.said.verdict, far.said.reasons]).toEqual([
      4,
      'different',
      ['loss: 0.5 then, 0.5004 now.'],
    ]);
    expect(rerun(root, ['runs/a', '--ignore', 'loss']).said.verdict).toBe('same');
    const listed = daybook(root, [
      'runs',
      '--where',
      'rerun = different',
      '--columns',
      'key',
      '--json',
    ]).stdout;
    expect(JSON.parse(listed).map(({ key }: { key: string }) => key)).toEqual(['runs/a_rerun_2']);
    expect(rerun(root, ['runs/a', '--tolerance', 'x']).status).toBe(2);
  });

  it('compares outputs by digest, also those that lie elsewhere, and names what is not there', () => {
    const outside = join(temporaryFolder(), 'word');
    writeFileSync(outside, 'one');
    const root = repository({ 'a.txt': 'a' });
    const script = `mkdir -p out; cp ${outside} out/word; if [ $(cat ${outside}) = one ]; then echo > out/more; fi`;
    recorded(root, ['--repo', '.', '--output', 'out/word', '--output', 'out/more', '--out', 'r'], script);
    const same = rerun(root, ['r']);
    expect(same.said.verdict).toBe('same');
    expect(readFileSync(join(root, 'r_rerun/outputs/out/word'), 'utf8')).toBe('one');
    writeFileSync(outside, 'two');
    const { status, said } = rerun(root, ['r']);
    expect(status).toBe(4);
    expect(said.reasons).toEqual([
      expect.stringMatching(/^word: [0-9a-f]{12} then, [0-9a-f]{12} now\.$/),
      expect.stringMatching(/^more: [0-9a-f]{12} then, not there now\.$/),
    ]);
    expect(readFileSync(join(root, 'out/word'), 'utf8')).toBe('one');
  });

  it('concludes nothing where data has changed or is missing, and says which', () => {
    const root = recordedBook();
    put(root, { 'in.csv': '2\n' });
    const changed = rerun(root, ['a']);
    expect(changed).toMatchObject({ status: 0, said: { verdict: 'inconclusive' } });
    expect(changed.said.reasons[0]).toMatch(/^Data is not what it was: in\.csv: /);
    expect(changed.said.reasons[1]).toMatch(/^model: .* then, .* now\.$/);
    expect(changed.stderr).toContain('warning: Data is not what it was: in.csv');
    rmSync(join(root, 'in.csv'));
    const missing = rerun(root, ['runs/a']);
    expect(missing.said.reasons[0]).toContain('in.csv: nothing is at in.csv');
    expect(missing.said.verdict).toBe('inconclusive');
  });

  it('concludes nothing of a first run that was killed before its end', () => {
    const root = recordedBook();
    const file = join(root, 'runs/a/run.lock');
    const text = readFileSync(file, 'utf8');
    const killed = text.replace(/exit_code: 0/, 'running: {host: elsewhere, pid: 1}');
    expect(killed).not.toBe(text);
    writeFileSync(file, killed);
    put(root, { 'runs/a/metrics.jsonl': '{"step": 1, "loss": 3}\n' });
    const { status, said } = rerun(root, ['a']);
    expect(said).toMatchObject({
      verdict: 'inconclusive',
      reasons: expect.arrayContaining(['The first run did not come to its end.']),
    });
    expect(status).toBe(0);
  });

  it('takes data that lies in the recorded code from there, whatever has become of it', () => {
    const root = repository({ 'in.csv': '1\n', 'code.txt': '0.5\n' });
    recorded(root, options, writes);
    put(root, { 'in.csv': 'changed\n' });
    expect(rerun(root, ['a']).said.verdict).toBe('same');
  });

  it('leaves the first run alone where the command names its absolute places', () => {
    const root = repository({ 'code.txt': '1\n' });
    const script = `mkdir -p ${root}/r && cat ${root}/code.txt > ${root}/r/model; pwd > ${root}/r/where`;
    recorded(root, ['--repo', '.', '--output', 'r/model', '--out', 'r'], script);
    const first = contentOf(join(root, 'r'));
    put(root, { 'code.txt': '2\n' });
    const { said } = rerun(root, ['r']);
    expect(said).toMatchObject({ verdict: 'same', command: ['sh', '-c', script] });
    expect(said.notes).toContain(
      'The command names absolute places of the first run: it gets those of its own folder instead.',
    );
    expect(contentOf(join(root, 'r'))).toEqual(first);
    expect(readFileSync(join(root, 'r_rerun/where'), 'utf8')).not.toContain(`${root}\n`);
  });

  it('gives recorded variables their values, and says of masked ones that they cannot be restored', () => {
    const root = repository();
    const vars = ['--env', 'LR', '--env', 'NOT_SET', '--env', 'API_TOKEN'];
    const script = 'mkdir -p r; echo "$LR [$NOT_SET] $API_TOKEN" > r/said';
    const env = world({ LR: '0.1', API_TOKEN: 'sk-abcdefghijklmnopqrstuvwxyz012345' });
    recorded(root, ['--repo', '.', '--output', 'r/said', '--out', 'r', ...vars], script, env);
    const other = rerun(root, ['r'], world({ LR: '7', NOT_SET: '7', API_TOKEN: env['API_TOKEN']! }));
    expect(other.said.verdict).toBe('same');
    expect(other.said.notes.join()).toContain('API_TOKEN was masked in the record, cannot be restored');
    const without = rerun(root, ['r'], world());
    expect(without.said.verdict).toBe('inconclusive');
    expect(without.said.reasons[0]).toBe('The variable API_TOKEN was masked and is not set now.');
  });

  it('says what is not recorded, and how it is next time', () => {
    const root = repository();
    daybook(root, ['lock', '--repo', '.', '--out', 'locked']);
    daybook(root, ['exec', 'train', '--lock', '--out', 'no-code', '--', 'true']);
    daybook(root, ['experiment', 'start', 'tracked']);
    for (const [key, what] of [
      ['locked', 'its command.'],
      ['no-code', 'with which code it ran.'],
      ['tracked', 'its command'],
      ['nothing', 'There is no run'],
    ] as const) {
      const { status, stderr } = daybook(root, ['rerun', key]);
      expect([status, stderr]).toEqual([3, expect.stringContaining(what)]);
      if (key !== 'nothing') expect(stderr).toContain('daybook exec <type> --lock --repo .');
    }
  });

  it('takes the command from the log and the commit from the experiment where there is no receipt', () => {
    const root = repository({ 'code.txt': '0.5\n', '.gitignore': 'e/\nsnapshots/\n.daybook/\n' });
    const step = `${process.execPath} ${commandLine} experiment`;
    const script = `${step} start e && ${step} metric e loss=$(cat code.txt) --step 1 && ${step} complete e`;
    daybook(root, ['exec', 'train', '--run', 'e', '--', 'sh', '-c', script]);
    const first = contentOf(join(root, 'e'));
    put(root, { 'code.txt': '9\n' });
    const { said, status } = rerun(root, ['e']);
    expect([status, said]).toMatchObject([0, { run: 'e_rerun', verdict: 'same' }]);
    expect(contentOf(join(root, 'e'))).toEqual(first);
    expect(JSON.parse(readFileSync(join(root, 'e_rerun/experiment_tracker.json'), 'utf8'))).toMatchObject({
      experiment_id: 'e_rerun',
      status: 'completed',
    });
  });

  it('says what it would do with --dry-run, and does nothing', () => {
    const root = recordedBook();
    put(root, { 'in.csv': '2\n' });
    const before = contentOf(root);
    const env = world();
    const { said, status } = rerun(root, ['a', '--dry-run'], env);
    expect(status).toBe(0);
    expect(said).toMatchObject({
      of: 'runs/a',
      run: 'runs/a_rerun',
      command: ['sh', '-c', writes],
      code: [{ name: 'code', path: '.' }],
      data: [{ name: 'in.csv', state: 'changed' }],
      doubts: [expect.stringContaining('in.csv')],
    });
    expect(contentOf(root)).toEqual(before);
    expect(readdirSync(env.TMPDIR)).toEqual([]);
    expect(daybook(root, ['rerun', 'a', '--dry-run']).stdout).toContain('runs/a_rerun, repeating runs/a');
  });

  it('leaves its folder with --keep, in which git answers as it did', () => {
    const root = repository({ 'code.txt': '1\n' });
    put(root, { 'code.txt': '2\n' });
    const script = 'git rev-parse HEAD --abbrev-ref HEAD > state; git status --short code.txt >> state';
    recorded(root, ['--repo', '.', '--output', 'state', '--out', 'r'], script);
    git(root, 'commit', '--quiet', '--all', '-m', 'second');
    const kept = join(temporaryFolder(), 'kept');
    const { said } = rerun(root, ['r', '--keep', kept]);
    expect(said).toMatchObject({ verdict: 'same', folder: realpathSync(kept) });
    expect(readFileSync(join(kept, 'code.txt'), 'utf8')).toBe('2\n');
    expect(git(kept, 'rev-parse', 'HEAD')).toBe(git(root, 'rev-parse', 'HEAD~1'));
    expect(git(root, 'worktree', 'list').split('\n')).toHaveLength(1);
    expect(rerun(root, ['r', '--keep', kept])).toMatchObject({ status: 1 });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'is aborted in the record where %s ends it, and leaves no folder behind',
    async (signal, code) => {
      const { root, env, child, ended } = await waiting();
      child.kill(signal);
      expect(await ended).toBe(code);
      expect(readdirSync(env.TMPDIR)).toEqual([]);
      expect(git(root, 'worktree', 'list').split('\n')).toHaveLength(1);
      const second = getRun(await readBookRuns(root), 'runs/a_rerun');
      expect(second.status).toBe('aborted');
      expect(second.receipt?.rerun).toMatchObject({
        verdict: 'inconclusive',
        reasons: [`The rerun was ended by ${signal}.`],
      });
      const { records } = await readAll(root);
      expect(records.at(-1)).toMatchObject({ type: 'rerun', run: 'runs/a_rerun', status: 'aborted' });
    },
  );

  it('is killed: nothing is registered in the repository, and the next command clears its folder away', async () => {
    const { root, env, child, ended } = await waiting();
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
    expect(git(root, 'worktree', 'list').split('\n')).toHaveLength(1);
    expect(readdirSync(env.TMPDIR)).toHaveLength(1);
    expect(rerun(root, ['a', '--dry-run'], env).status).toBe(0);
    expect(readdirSync(env.TMPDIR)).toEqual([]);
    expect((await readBookRuns(root)).map(({ key }) => key)).toEqual(['runs/a']);
  });

  it('says that the command was killed, and concludes nothing', () => {
    const switched = join(temporaryFolder(), 'switch');
    const root = recordedBook(`${writes}; if [ -e ${switched} ]; then kill -9 $$; fi`);
    writeFileSync(switched, '');
    const { said, status } = rerun(root, ['a']);
    expect([status, said]).toMatchObject([0, { verdict: 'inconclusive', exit_code: 137 }]);
    expect(said.reasons).toEqual(['The command was ended by SIGKILL.']);
  });

  it('repeats a Python program that records itself, under a name of its own, as a run of its own', async ({
    skip,
  }) => {
    skip(python === undefined, 'there is no python3');
    const root = repository({
      'train.py': `import daybook
with daybook.run("runs/a", config={"lr": 0.1}, best={"loss": "min"}) as run:
    for step in range(3):
        run.log(loss=1 / (step + 1), epoch_seconds=step * run.pid, step=step)
    daybook.action("half", n=1)
    with open(run.folder + "/model.pt", "w") as file:
        file.write("weights")
    run.artifact(run.folder + "/model.pt", type="checkpoint")
    with open("beside.txt", "w") as file:
        file.write("beside")
    run.artifact("beside.txt")
`,
      '.gitignore': 'runs/\nsnapshots/\n.daybook/\nbeside.txt\n',
    });
    const command = ['exec', 'train', '--lock', '--repo', '.', '--out', 'runs/a', '--', python!, 'train.py'];
    expect(daybook(root, command).status).toBe(0);
    const first = contentOf(join(root, 'runs/a'));
    const { said } = rerun(root, ['a']);
    expect(said).toMatchObject({ verdict: 'same' });
    expect(said.results).toContainEqual(
      expect.objectContaining({ name: 'epoch_seconds', state: 'left out' }),
    );
    expect(contentOf(join(root, 'runs/a'))).toEqual(first);
    const second = getRun(await readBookRuns(root), 'runs/a_rerun');
    expect(second.metrics['loss']).toBeCloseTo(1 / 3);
    expect(second.artifacts.map(({ id, file }) => [id, file])).toEqual([
      ['model.pt', 'runs/a_rerun/model.pt'],
      ['beside.txt', 'runs/a_rerun/outputs/beside.txt'],
    ]);
    const half = (await readAll(root)).records.filter(({ type }) => type === 'half');
    expect(half.map(({ run }) => run)).toEqual(['runs/a', 'runs/a_rerun']);
  });
});

/** A rerun whose command waits. */
async function waiting() {
  const switched = join(temporaryFolder(), 'switch');
  const root = recordedBook(`${writes}; if [ -e ${switched} ]; then echo ready; exec sleep 30; fi`);
  writeFileSync(switched, '');
  const env = world();
  const child = spawn(process.execPath, [commandLine, 'rerun', 'a'], { cwd: root, env, detached: true });
  const ended = new Promise<number | null>((done) => child.on('close', (code) => done(code)));
  await new Promise<void>((done) =>
    child.stdout.on('data', (data) => String(data).includes('ready') && done()),
  );
  return { root, env, child, ended };
}
