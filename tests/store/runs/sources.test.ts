import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import { logHead } from '../../../collector/formats/output-log/output-log.ts';
import type { Evidence, RunSource } from '../../../collector/runs/evidence.ts';
import { readRuns } from '../../../collector/store/runs/read-runs.ts';
import { runSources } from '../../../collector/store/runs/sources/index.ts';
import { temporaryBook } from '../../helpers.ts';
import { mlflowDatabase } from '../../mlflow-database.ts';
import { runId } from '../../mlflow-store.ts';
import { eventFile, scalarEvent } from '../../tensorboard-file.ts';
import { trackioDatabase } from '../../trackio-database.ts';

function put(root: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

/** What a source claims: a file, or a folder, of which one file is written with what else must lie there. */
interface Sample {
  path: string;
  content: string | Buffer;
  file?: string;
  beside?: Readonly<Record<string, string>>;
}

/** A file that each source claims, and one that means something to it. */
const samples: Record<string, Sample> = {
  'mlflow-db': { path: 'x/mlflow.db', content: mlflowDatabase() },
  mlflow: {
    path: `mlruns/0/${runId(1)}`,
    file: `mlruns/0/${runId(1)}/meta.yaml`,
    content: 'run_name: fox\nstart_time: 1704117113860\nstatus: 3\n',
    beside: { 'mlruns/0/meta.yaml': 'name: Default\n', [`mlruns/0/${runId(1)}/params/lr`]: '0.1' },
  },
  imported: {
    path: 'i/imported_run.json',
    content:
      '{"schema":"daybook/imported-run/1","import":"1","from":{"source":"mlflow","key":"a","files":[]},"status":"finished","params":{"lr":0.1},"metrics":{"loss":0.25}}',
    beside: { 'i/imported_series.jsonl': '{"name":"loss","steps":[0,1],"values":[0.5,0.25]}\n' },
  },
  dvc: {
    path: 'p/dvc.lock',
    content:
      "schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n    outs:\n    - path: model.pt\n      md5: 0f\n      size: 3\n",
  },
  dvclive: {
    path: 'dvclive/metrics.json',
    content: '{"loss":0.25,"step":1}',
    beside: { 'dvclive/plots/metrics/loss.tsv': 'step\tloss\n0\t0.5\n1\t0.25\n' },
  },
  table: { path: 't/results.csv', content: 'epoch,loss\n0,0.5\n1,0.25\n' },
  tensorboard: {
    path: 'tb/events.out.tfevents.1.host',
    content: eventFile([scalarEvent('loss', 1, 0.5), scalarEvent('loss', 2, 0.25)]),
  },
  trackio: { path: 'trackio/demo.db', content: trackioDatabase() },
  wandb: {
    path: 'wandb/run-20240101_120000-abcd1234',
    file: 'wandb/run-20240101_120000-abcd1234/files/wandb-summary.json',
    content: '{"loss": 0.5, "_step": 3}',
    beside: {
      'wandb/run-20240101_120000-abcd1234/files/config.yaml': 'lr:\n  desc: null\n  value: 0.1\n',
      'wandb/run-20240101_120000-abcd1234/files/wandb-history.jsonl': '{"_step":1,"loss":0.5}\n',
    },
  },
  huggingface: {
    path: 'hf/trainer_state.json',
    content: '{"global_step":2,"max_steps":2,"log_history":[{"step":1,"loss":0.5},{"step":2,"loss":0.25}]}',
  },
  sacred: {
    path: 's/1/run.json',
    content: '{"experiment":{"name":"x"},"status":"COMPLETED","start_time":"2018-08-29T11:03:18.967890"}',
    beside: { 's/1/config.json': '{"lr":0.1}' },
  },
  hydra: {
    path: 'outputs/.hydra',
    file: 'outputs/.hydra/config.yaml',
    content: 'lr: 0.1\n',
    beside: { 'outputs/.hydra/overrides.yaml': '- lr=0.1\n' },
  },
  'github-action-benchmark': {
    path: 'dev/bench/data.js',
    content:
      'window.BENCHMARK_DATA = {"entries":{"a":[{"commit":{"id":"0f"},"date":1717061963631,"tool":"go","benches":[{"name":"x","value":1,"unit":"ns/op"}]}]}}',
  },
  junit: {
    path: 'test-results/junit.xml',
    content: '<testsuite name="a" timestamp="2024-01-01T00:00:00Z"><testcase name="x" time="1"/></testsuite>',
  },
  coverage: { path: 'coverage/lcov.info', content: 'SF:a.ts\nDA:1,1\nDA:2,0\nend_of_record\n' },
  'pytest-benchmark': {
    path: '.benchmarks/Linux/0001_x.json',
    content:
      '{"machine_info":{"system":"Linux"},"commit_info":{"id":"0f"},"benchmarks":[{"fullname":"a","stats":{"median":0.5}}],"datetime":"2024-01-01T00:00:00Z"}',
  },
  hyperfine: {
    path: 'bench/hyperfine.json',
    content: '{"results":[{"command":"sleep 0.1","mean":0.1,"median":0.1,"exit_codes":[0]}]}',
  },
  'go-bench': { path: 'bench.txt', content: 'goos: linux\nBenchmarkFib-8 \t 100\t 12.5 ns/op\nPASS\n' },
  criterion: {
    path: 'target/criterion',
    file: 'target/criterion/fib/new/estimates.json',
    content: '{"mean":{"point_estimate":12.5},"slope":null}',
  },
  k6: { path: 'k6-summary.json', content: '{"metrics":{"http_reqs":{"count":5,"rate":2.5}}}' },
  lighthouse: {
    path: '.lighthouseci/lhr-1700000000000.json',
    content:
      '{"lighthouseVersion":"12.0.0","fetchTime":"2024-01-01T00:00:00.000Z","categories":{"seo":{"score":0.5}},"audits":{}}',
  },
  ledger: {
    path: 'r/metadata.json',
    content:
      '{"train":{"":{"000":{"status":"done","param_hash":null,"files":{},"timestamp_status_lst":[]}}}}',
  },
  receipt: { path: 'a/run.lock', content: 'config:\n  lr: 0.1\ntimestamp: "2026-01-02T03:04:05"\n' },
  experiment: {
    path: 'b/experiment_tracker.json',
    content: '{"experiment_id":"b","status":"completed"}',
  },
  metrics: { path: 'c/metrics.jsonl', content: '{"step":1,"loss":0.5}\n{"step":2,"loss":0.25}\n' },
  log: { path: 'd/output.log.gz', content: Buffer.concat([logHead(1_800_000_000_000_000), gzipSync('a\n')]) },
  action: {
    path: 'snapshots/action_log.jsonl',
    content:
      '{"snapshot_id":"action_1","snapshot_type":"action","timestamp":"2026-01-02T03:04:05Z","run":"c","action":{"type":"train","status":"failed","error":"ValueError: x","details":{"exit_code":1}}}\n',
  },
};

/** The names in the folder of a sample that is one. */
function namesIn({ path, file, beside = {} }: Sample): Set<string> {
  const paths = file === undefined ? [] : [file, ...Object.keys(beside)];
  return new Set(
    paths.flatMap((each) =>
      each.startsWith(`${path}/`) ? [each.slice(path.length + 1).split('/')[0]!] : [],
    ),
  );
}

describe.each(runSources.map((source) => [source.name, source] as const))(
  'the source "%s"',
  (name, source) => {
    const { path, content, file = path, beside = {} } = samples[name]!;
    const read = async (
      text: string | Uint8Array,
    ): Promise<{ evidence: Evidence[]; findings: Finding[] }> => {
      const root = temporaryBook();
      put(root, file, text);
      for (const [other, its] of Object.entries(beside)) put(root, other, its);
      const findings: Finding[] = [];
      const evidence = await source.read(path, { root, report: (finding) => findings.push(finding) });
      return { evidence, findings };
    };

    it('claims its own files and nobody else’s', () => {
      for (const [other, sample] of Object.entries(samples))
        expect(
          source.claims(sample.path) || source.claimsFolder?.(sample.path, namesIn(sample)) === true,
        ).toBe(other === name);
      expect(source.claims('README.md')).toBe(false);
    });

    it('claims its files by their names alone where it is not asked for their paths', () => {
      const last = path.slice(path.lastIndexOf('/') + 1);
      expect(source.claimsFolder !== undefined || source.claimsByPath === true || source.claims(last)).toBe(
        true,
      );
    });

    it('says what its file says, under its own name and place', async () => {
      const { evidence, findings } = await read(content);
      expect(findings).toEqual([]);
      expect(evidence).toHaveLength(1);
      expect(evidence[0]).toMatchObject({ source: name, file: path });
    });

    it.each<[string, string | Uint8Array]>([
      ['empty', ''],
      ['of another kind', '<html><body>not found</body></html>'],
      ['binary', Uint8Array.from({ length: 4096 }, (_, at) => (at * 37) % 256)],
      ['a list', '[1,2,3]'],
      ['nested beyond all reason', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
      ['one endless line', 'x'.repeat(3_000_000)],
    ])('reports a file that is %s, or finds nothing in it, and goes on', async (_, text) => {
      const { evidence, findings } = await read(text);
      expect(evidence.length === 0 || findings.length > 0).toBe(true);
    });

    it('never fails and never claims another file, wherever its file was cut or changed', async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(content.length), fc.nat(255), fc.boolean(), async (at, byte, isCut) => {
          const bytes = Buffer.from(content);
          if (!isCut && at < bytes.length) bytes[at] = byte;
          const { evidence } = await read(isCut ? bytes.subarray(0, at) : bytes);
          for (const each of evidence) expect(each).toMatchObject({ source: name, file: path });
        }),
        { numRuns: 60 },
      );
    });
  },
);

/** A program that Daybook does not know: one line a run, "name status lr". */
const notesSource: RunSource = {
  name: 'notes',
  claims: (path) => path.endsWith('/notes.txt'),
  claimsByPath: true,
  async read(path, { root }) {
    const { readFileSync } = await import('node:fs');
    const [word = '', lr = ''] = readFileSync(join(root, path), 'utf8').trim().split(' ');
    return [
      {
        source: 'notes',
        file: path,
        folder: path.slice(0, path.lastIndexOf('/')),
        prefix: '',
        says: { statusWord: word, config: { lr: Number(lr) } },
      },
    ];
  },
};

describe('one more source', () => {
  it('is a file and a line in the list: its files are runs, and join with what lies beside them', async () => {
    const root = temporaryBook();
    put(root, 'n/notes.txt', 'failed 0.5\n');
    put(root, 'n/metrics.jsonl', '{"step":1,"loss":0.5}\n');
    const [run, ...others] = await readRuns(root, { sources: [...runSources, notesSource] });
    expect(others).toEqual([]);
    expect(run).toMatchObject({
      key: 'n',
      status: 'failed',
      statusFrom: 'notes',
      params: { lr: 0.5 },
      metrics: { loss: 0.5 },
      files: [
        { kind: 'metrics', path: 'n/metrics.jsonl' },
        { kind: 'notes', path: 'n/notes.txt' },
      ],
    });
  });
});

/** A program that has a folder for each run, found by what lies in it: a name, and a parent by its id. */
const boxSource: RunSource = {
  name: 'box',
  claims: () => false,
  claimsFolder: (_path, names) => names.has('box.txt') && names.has('numbers'),
  filesOf: (_root, path) => ({ read: [`${path}/box.txt`, `${path}/numbers`], sized: [] }),
  ofFileAlone: true,
  async read(path, { root, report }) {
    const { readFileSync } = await import('node:fs');
    const [name, parent, gone] = readFileSync(join(root, path, 'box.txt'), 'utf8')
      .trim()
      .split(' ');
    report({
      code: 'wrong-shape',
      severity: 'note',
      file: 'boxes',
      expected: 'a',
      found: 'b',
      hint: 'c',
    });
    return [
      {
        source: 'box',
        file: path,
        folder: path,
        prefix: '',
        store: 'boxes',
        ids: [name!],
        deleted: gone === 'gone',
        says: {
          name: `Box ${name}`,
          group: 'all boxes',
          statusWord: 'running',
          startedAtUs: 1_600_000_000_000_000,
          history: [{ atUs: 1_600_000_000_000_000, word: 'running', status: 'running' as const }],
          ...(parent === undefined || parent === '-'
            ? {}
            : { parents: [{ id: parent, kind: 'sweep' as const, name: parent }] }),
        },
      },
    ];
  },
};

describe('a source of folders', () => {
  const boxes = (...texts: string[]) => {
    const root = temporaryBook();
    for (const [at, text] of texts.entries()) {
      put(root, `boxes/${at}/box.txt`, text);
      put(root, `boxes/${at}/numbers`, '');
    }
    return root;
  };
  const read = async (root: string) => {
    const findings: Finding[] = [];
    const runs = await readRuns(root, { sources: [...runSources, boxSource] }, (finding) =>
      findings.push(finding),
    );
    return { runs: runs.sort((a, b) => (a.key < b.key ? -1 : 1)), findings };
  };

  it('reads each as one run, and looks for nothing else in it', async () => {
    const root = boxes('a', 'b a');
    put(root, 'boxes/0/inner/metrics.jsonl', '{"step":1,"loss":0.5}\n');
    const { runs } = await read(root);
    expect(runs).toMatchObject([
      { key: 'boxes/0', name: 'Box a', identifier: 'all boxes', series: [] },
      { key: 'boxes/1', name: 'Box b', files: [{ kind: 'box', path: 'boxes/1' }] },
    ]);
  });

  it('finds parents by their ids, the nearest of several, and keeps one that is not there by its name', async () => {
    const root = boxes('a', 'b a', 'c z', 'a');
    put(root, 'old/boxes/0/box.txt', 'a');
    put(root, 'old/boxes/0/numbers', '');
    const { runs } = await read(root);
    expect(runs.map(({ parents }) => parents.map(({ key, name, kind }) => [key, name, kind]))).toEqual([
      [],
      [['boxes/0', 'Box a', 'sweep']],
      [[undefined, 'z', 'sweep']],
      [],
      [],
    ]);
  });

  it('tells once what it finds with each, and stale runs of one store together', async () => {
    const { findings } = await read(boxes('a', 'b'));
    expect(findings.map(({ code, file }) => [code, file])).toEqual([
      ['wrong-shape', 'boxes'],
      ['stale-run', 'boxes'],
    ]);
  });

  it('leaves out runs that were deleted, and says how many', async () => {
    const { runs, findings } = await read(boxes('a', 'b - gone', 'c - gone'));
    expect(runs.map(({ name }) => name)).toEqual(['Box a']);
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'left-out',
        file: 'boxes',
        found: expect.stringContaining('2 runs that were'),
      }),
    );
  });
});

describe('what the log says of a command that was run for a run', () => {
  const line = (fields: object) =>
    `${JSON.stringify({
      snapshot_id: 'action_1',
      snapshot_type: 'action',
      timestamp: '2026-01-02T03:04:05Z',
      ...fields,
      action: { type: 'train', status: 'failed', error: 'ValueError: x', details: { exit_code: 1 } },
    })}\n`;

  it('is how it ended where its own files say nothing', async () => {
    const root = temporaryBook();
    put(root, 'c/metrics.jsonl', '{"step":1,"loss":0.5}\n');
    put(root, 'snapshots/action_log.jsonl', line({ run: 'c' }));
    const [run] = await readRuns(root);
    expect(run).toMatchObject({ status: 'failed', statusFrom: 'action', error: 'ValueError: x' });
    expect(run!.history.map(({ word }) => word)).toEqual(['executing', 'failed']);
  });

  it('is why it failed where its own file says only that it did', async () => {
    const root = temporaryBook();
    put(root, samples['ledger']!.path, String(samples['ledger']!.content).replace('"done"', '"error"'));
    put(root, 'snapshots/action_log.jsonl', line({ run: 'r:train/000' }));
    expect((await readRuns(root))[0]).toMatchObject({ statusFrom: 'ledger', error: 'ValueError: x' });
  });

  it('changes nothing about a run whose own file says that it ended well', async () => {
    const root = temporaryBook();
    put(root, samples['ledger']!.path, samples['ledger']!.content);
    put(root, 'snapshots/action_log.jsonl', line({ run: 'r:train/000' }));
    expect((await readRuns(root))[0]).toMatchObject({ status: 'completed', error: undefined });
  });

  it.each([
    ['a name that two runs share', 'one/c', 'two/c', 'c'],
    ['a name that no run has', 'one/c', 'two/d', 'x'],
  ])('is left out for %s', async (_, first, second, run) => {
    const root = temporaryBook();
    for (const folder of [first, second]) put(root, `${folder}/metrics.jsonl`, '{"step":1,"loss":0.5}\n');
    put(root, 'snapshots/action_log.jsonl', line({ run }));
    const runs = await readRuns(root);
    expect(runs.map(({ status, error }) => [status, error])).toEqual([
      ['unknown', undefined],
      ['unknown', undefined],
    ]);
  });
});

describe('a source that makes no run', () => {
  it('is not read where there are no runs, and last where there are', async () => {
    const read: string[] = [];
    const watched = [...runSources].reverse().map((source) => ({
      ...source,
      read: (path: string, effects: Parameters<RunSource['read']>[1]) => {
        read.push(source.name);
        return source.read(path, effects);
      },
    }));
    const root = temporaryBook();
    put(root, samples['action']!.path, samples['action']!.content);
    expect(await readRuns(root, { sources: watched })).toEqual([]);
    expect(read).toEqual([]);
    put(root, samples['metrics']!.path, samples['metrics']!.content);
    expect(await readRuns(root, { sources: watched })).toMatchObject([{ key: 'c', status: 'failed' }]);
    expect(read).toEqual(['metrics', 'action']);
  });
});
