import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../scripts/repository-root.ts';
import { run } from '../cli/run.ts';
import { readAll, temporaryBook } from '../helpers.ts';
import { git, repository } from '../store/receipts/repository.ts';
import { python, pythonEnv, runPython } from './python.ts';

const json = async (root: string, ...argv: string[]) =>
  JSON.parse((await run(root, [...argv, '--json'])).out);

/** Runs programs of both languages side by side in one folder; what each printed, by line. */
async function together(root: string, programs: readonly (readonly string[])[]): Promise<string[][]> {
  return Promise.all(
    programs.map(async ([command, ...args]) => {
      const child = spawn(command!, args, {
        cwd: root,
        env: pythonEnv(),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let out = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text;
      });
      const [code] = await once(child, 'close');
      expect(code).toBe(0);
      return out.trim().split('\n');
    }),
  );
}

const script = (name: string) => join(import.meta.dirname, name);

describe.skipIf(python === undefined)('Python beside the collector (skipped without python3)', () => {
  it('appends actions at once with it, and none is lost or torn', { timeout: 120_000 }, async () => {
    const root = temporaryBook();
    const program = `
import daybook, sys
print("ready")
for number in range(400):
    print(daybook.action(sys.argv[1], number=number, filler="x" * (number * 37 % 5000)))
`;
    const acknowledged = await together(root, [
      ...[0, 1, 2].map((n) => [python!, '-c', program, `python${n}`]),
      ...[0, 1].map((n) => [process.execPath, script('writer.ts'), root, `node${n}`, '400', '4000']),
    ]);
    const { records, findings, totals } = await readAll(root);
    expect(findings).toEqual([]);
    expect(totals).toMatchObject({ lines: 2000, records: 2000, broken: 0, repeated: 0 });
    for (const [at, [, ...ids]] of acknowledged.entries()) {
      const name = at < 3 ? `python${at}` : `node${at - 3}`;
      expect(records.filter(({ type }) => type === name).map(({ snapshotId }) => snapshotId)).toEqual(ids);
    }
  });

  it('gives out uids of one ledger with it, each once, and every log is kept', {
    timeout: 120_000,
  }, async () => {
    const root = temporaryBook();
    const program = `
from daybook.pycaddy import Ledger, Status
ledger = Ledger("results/metadata.json")
print("ready")
for number in range(40):
    uid = ledger.allocate("train")
    ledger.log("train", uid, status=Status.DONE, path_dict={"by": "python"})
    print(uid)
`;
    runPython(
      ['-c', 'from daybook.pycaddy import Ledger; Ledger("results/metadata.json").allocate("other")'],
      { cwd: root },
    );
    const ours = async () => {
      const uids: string[] = [];
      for (let number = 0; number < 12; number++) {
        const { uid } = await json(root, 'ledger', 'allocate', 'train', '--ledger', 'results/metadata.json');
        await run(root, [
          'ledger',
          'log',
          'train',
          uid,
          '--status',
          'done',
          '--ledger',
          'results/metadata.json',
        ]);
        uids.push(uid);
      }
      return uids;
    };
    const [theirs, mine] = await Promise.all([
      together(
        root,
        [0, 1].map(() => [python!, '-c', program]),
      ),
      ours(),
    ]);
    const uids = [...mine, ...theirs.flatMap(([, ...lines]) => lines)];
    expect(new Set(uids).size).toBe(92);
    const ledger = JSON.parse(readFileSync(join(root, 'results/metadata.json'), 'utf8')) as {
      train: { '': Record<string, { status: string }> };
    };
    expect(Object.keys(ledger.train['']).sort()).toEqual(uids.sort());
    expect(new Set(Object.values(ledger.train['']).map(({ status }) => status))).toEqual(new Set(['done']));
  });

  it('writes with the modules of the five systems what it reads', { timeout: 120_000 }, async () => {
    const root = repository({ 'in.csv': '1\n', 'train.py': 'print(1)\n' });
    const program = `
from pathlib import Path
from daybook.pycaddy import Ledger, Status
from daybook.crackseg import ExperimentTracker
from daybook.framework0 import SnapshotManager
from daybook.flexlock import snapshot
ledger = Ledger(Path("results/metadata.json"))
uid = ledger.allocate("train", relpath=Path("grid"), param_hash="ab")
ledger.log("train", uid, relpath=Path("grid"), status=Status.DONE, path_dict={"model": "in.csv"})
tracker = ExperimentTracker("exp/a", "exp-a", "a", {"training": {"epochs": 2}})
tracker.start_experiment()
tracker.update_training_progress(2, 2, {"iou": 0.75}, 12.5)
tracker.add_artifact("data", "dataset", "in.csv", "what it was fed", ["raw"])
tracker.complete_experiment()
manager = SnapshotManager()
manager.create_snapshot({"a": 1, "long": "x" * 400}, tags=["t"], version="v1")
manager.create_delta_snapshot({"a": 2.0, "long": "x" * 400, "ü": "é"}, version="v2")
manager.create_snapshot("text", version="v3")
snapshot(config={"save_dir": "out", "lr": 0.5}, repos=["."], data=["in.csv"])
`;
    runPython(['-c', program], { cwd: root });
    expect(await json(root, 'runs')).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ key: 'results:train/grid/000', status: 'completed' }),
        expect.objectContaining({ key: 'exp/a', status: 'completed', metrics: { iou: 0.75 } }),
        expect.objectContaining({ key: 'out', params: { save_dir: 'out', lr: 0.5 } }),
      ]),
    );
    expect((await json(root, 'store', 'get', 'v2')).data).toEqual({ a: 2, long: 'x'.repeat(400), ü: 'é' });
    expect((await json(root, 'store', 'get', 'v3')).data).toBe('text');
    expect(await json(root, 'store', 'list')).toMatchObject([
      { version: 'v3' },
      { version: 'v2' },
      { version: 'v1' },
    ]);
    expect((await run(root, ['verify', 'out'])).exitCode).toBe(0);
    expect(await json(root, 'doctor')).toMatchObject({ findings: [] });
    expect(git(root, 'log', '--oneline').split('\n')).toHaveLength(1);
  });

  it('reads the versions that it writes, deltas too', async () => {
    const root = temporaryBook({
      'a.json': JSON.stringify({ rows: [1, 2, 3], long: 'x'.repeat(500), n: 1e21 }),
    });
    await run(root, ['store', 'save', 'a.json', '--name', 'v1']);
    writeFileSync(
      join(root, 'a.json'),
      JSON.stringify({ rows: [0, 1, 3, 4], long: 'x'.repeat(500), n: 1e-7, 'ü/~': null }),
    );
    await run(root, ['store', 'delta', 'a.json', '--name', 'v2']);
    const program = `
import json
from daybook.framework0 import SnapshotManager
manager = SnapshotManager()
assert manager.get_snapshot("v2")[1].user_info["delta_base_version"] == "v1"
print(json.dumps([manager.get_snapshot("v1")[0]["rows"], manager.get_snapshot("v2")[0]["rows"], manager.list_versions()]))
manager.delete_snapshot("v1")
`;
    expect(JSON.parse(runPython(['-c', program], { cwd: root }))).toEqual([
      [1, 2, 3],
      [0, 1, 3, 4],
      ['v1', 'v2'],
    ]);
    expect((await json(root, 'store', 'get', 'v2')).data).toMatchObject({ rows: [0, 1, 3, 4], 'ü/~': null });
    expect(await json(root, 'doctor')).toMatchObject({ findings: [] });
  });

  it('is one run with the exec around it: receipt, status, metrics and actions', {
    timeout: 60_000,
  }, async () => {
    const root = repository({
      'train.py': `
import daybook
with daybook.run(config={"lr": 0.1}) as run:
    run.log(loss=0.5, step=1)
    daybook.action("inside")
    print(run.key)
`,
    });
    const cli = join(repositoryRoot, 'collector', 'cli.ts');
    const [printed] = await together(root, [
      [
        process.execPath,
        cli,
        'exec',
        'train',
        '--lock',
        '--repo',
        '.',
        '--out',
        'runs/a',
        '-q',
        '--',
        python!,
        'train.py',
      ],
    ]);
    expect(printed).toEqual(['runs/a']);
    const runs = await json(root, 'runs');
    expect(runs).toMatchObject([
      { key: 'runs/a', status: 'completed', params: { lr: 0.1 }, metrics: { loss: 0.5 } },
    ]);
    expect(runs[0].files.map(({ kind }: { kind: string }) => kind)).toEqual([
      'receipt',
      'experiment',
      'metrics',
    ]);
    const { records } = await readAll(root);
    const [inside] = records.filter(({ type }) => type === 'inside');
    const [around] = records.filter(({ type }) => type === 'train');
    expect(inside).toMatchObject({ run: 'runs/a', source: { action: around!.actionId } });
    expect(around).toMatchObject({ run: 'runs/a' });
  });
});
