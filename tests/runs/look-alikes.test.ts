import { describe, expect, it } from 'vitest';
import { runKinds } from '../../collector/formats/config/run-places.ts';
import {
  kindOfFile,
  lookAlikeFindings,
  lookAlikeKinds,
  lookAlikesIn,
  lookAlikeWords,
} from '../../collector/runs/look-alikes.ts';
import { runSources } from '../../collector/store/runs/sources/index.ts';

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

describe('what another program left', () => {
  it.each([
    ['tensorboard', 'logs/events.out.tfevents.1700000000.host.1.0'],
    ['wandb', 'x/run-abc.wandb'],
    ['hydra', 'multirun/2024-01-01/multirun.yaml'],
    ['huggingface', 'out/checkpoint-10/trainer_state.json'],
    ['trackio', '.trackio/project.db'],
    ['dvc', 'dvc.lock'],
    ['junit', 'build/TEST-com.example.FooTest.xml'],
    ['junit', 'junit.xml'],
    ['github-action-benchmark', 'dev/bench/data.js'],
    ['pytest-benchmark', '.benchmarks/Linux-CPython-3.11-64bit/0001_abc.json'],
    ['hyperfine', 'bench/hyperfine-results.json'],
    ['coverage', 'coverage/lcov.info'],
    ['otlp', 'traces.otlp.json'],
    ['upptime', '.upptimerc.yml'],
  ])('is told by its name: %s', (kind, path) => {
    expect(kindOfFile(path, nameOf(path))).toBe(kind);
  });

  it.each(['README.md', 'src/data.js', 'report.xml', 'notes/history.json', 'results.csv', 'metrics.csv'])(
    'is not seen in %s',
    (path) => expect(kindOfFile(path, nameOf(path))).toBeUndefined(),
  );

  it.each([
    ['wandb', 'wandb/run-20240101_120000-abcd1234', []],
    ['wandb', 'wandb/offline-run-20240101_120000-abcd1234', []],
    ['hydra', 'outputs/.hydra', []],
    ['aim', '.aim', []],
    ['neptune', '.neptune', []],
    ['clearml', `offline-${'0f'.repeat(16)}`, []],
    ['sacred', 'runs/1', ['run.json', 'config.json', 'cout.txt']],
    ['dvclive', 'dvclive', ['metrics.json', 'plots']],
    ['yolo', 'runs/detect/train', ['results.csv', 'args.yaml']],
    ['lightning', 'lightning_logs/version_0', ['metrics.csv', 'hparams.yaml']],
  ])('is told by a folder and the names in it: %s, %s', (kind, path, names) => {
    expect(lookAlikesIn(path, new Set(names)).map((each) => each.kind)).toEqual([kind]);
  });

  it('is a kind that daybook.yaml can name, as every source is', () => {
    expect([...runKinds].sort()).toEqual(
      [...runSources.map(({ name }) => name).filter((name) => name !== 'action'), ...lookAlikeKinds].sort(),
    );
  });
});

describe('the notes about it', () => {
  it('say once for each folder how many there are, and one for many folders', () => {
    const few = lookAlikeFindings([
      { kind: 'dvc', path: 'dvc.lock' },
      { kind: 'dvc', path: 'dvc.yaml' },
      { kind: 'dvc', path: 'sub/dvc.yaml' },
    ]);
    expect(few).toMatchObject([
      {
        code: 'not-read',
        severity: 'note',
        file: '.',
        found: 'what looks like 2 files of DVC (dvc.lock, dvc.yaml)',
      },
      { file: 'sub', found: 'what looks like 1 file of DVC (dvc.yaml)' },
    ]);
    expect(lookAlikeWords(few)).toBe('2 files of DVC in the book, 1 file of DVC in sub');
    const many = lookAlikeFindings(
      Array.from({ length: 2000 }, (_, at) => ({ kind: 'tensorboard', path: `logs/a/${at}/x.tfevents.1` })),
    );
    expect(many).toMatchObject([
      {
        file: 'logs/a',
        found:
          'what looks like 2,000 event files of TensorBoard in 2,000 folders (0/x.tfevents.1, 1/x.tfevents.1, …)',
      },
    ]);
    expect(lookAlikeWords(many)).toBe('2,000 event files of TensorBoard in logs/a');
  });

  it('do not tell of a file inside what was told of', () => {
    expect(
      lookAlikeFindings([
        { kind: 'wandb', path: 'wandb/run-20240101_120000-a' },
        { kind: 'wandb', path: 'wandb/run-20240101_120000-a/run-a.wandb' },
      ]),
    ).toMatchObject([{ file: 'wandb', found: expect.stringContaining('1 run of W&B') }]);
  });
});
