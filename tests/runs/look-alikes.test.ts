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
    ['otlp', 'traces.otlp.json'],
    ['upptime', '.upptimerc.yml'],
    ['github-runs', 'ci/workflow_runs.json'],
    ['github-logs', 'logs/build/1_Set up job.txt'],
  ])('is told by its name: %s', (kind, path) => {
    expect(kindOfFile(path, nameOf(path))).toBe(kind);
  });

  it.each(['README.md', 'src/data.js', 'report.xml', 'notes/history.json', 'results.csv', 'metrics.csv'])(
    'is not seen in %s',
    (path) => expect(kindOfFile(path, nameOf(path))).toBeUndefined(),
  );

  it.each([
    ['aim', '.aim', []],
    ['neptune', '.neptune', []],
    ['clearml', `offline-${'0f'.repeat(16)}`, []],
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
      { kind: 'otlp', path: 'a.otlp.json' },
      { kind: 'otlp', path: 'b.otlp.json' },
      { kind: 'otlp', path: 'sub/a.otlp.json' },
    ]);
    expect(few).toMatchObject([
      {
        code: 'not-read',
        severity: 'note',
        file: '.',
        found: 'what looks like 2 files of OpenTelemetry (OTLP) (a.otlp.json, b.otlp.json)',
      },
      { file: 'sub', found: 'what looks like 1 file of OpenTelemetry (OTLP) (a.otlp.json)' },
    ]);
    expect(lookAlikeWords(few)).toBe(
      '2 files of OpenTelemetry (OTLP) in the book, 1 file of OpenTelemetry (OTLP) in sub',
    );
    const many = lookAlikeFindings(
      Array.from({ length: 2000 }, (_, at) => ({ kind: 'otlp', path: `logs/a/${at}/otlp.json` })),
    );
    expect(many).toMatchObject([
      {
        file: 'logs/a',
        found:
          'what looks like 2,000 files of OpenTelemetry (OTLP) in 2,000 folders (0/otlp.json, 1/otlp.json, …)',
      },
    ]);
    expect(lookAlikeWords(many)).toBe('2,000 files of OpenTelemetry (OTLP) in logs/a');
  });

  it('do not tell of a file inside what was told of', () => {
    expect(
      lookAlikeFindings([
        { kind: 'aim', path: 'x/.aim' },
        { kind: 'aim', path: 'x/.aim/y/.aim' },
      ]),
    ).toMatchObject([{ file: 'x', found: expect.stringContaining('1 repository of Aim') }]);
  });
});
