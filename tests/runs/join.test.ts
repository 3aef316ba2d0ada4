import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../collector/formats/findings/finding.ts';
import { placeOfFile } from '../../collector/runs/evidence.ts';
import { claimedFiles, type JoinedRun, joinRuns } from '../../collector/runs/join.ts';
import { ranked } from '../../collector/runs/precedence.ts';
import { ledgerEvidence } from '../../collector/store/runs/sources/ledger.ts';
import { evidenceOf, experiment, ledgerRun, metrics, type Parts, receipt } from './run-parts.ts';

function join(parts: Parts): { runs: JoinedRun[]; findings: Finding[] } {
  const findings: Finding[] = [];
  return { runs: joinRuns(evidenceOf(parts), (finding) => findings.push(finding)), findings };
}

/** What each run is made of, by key. */
function shape(parts: Parts): Record<string, string> {
  return Object.fromEntries(join(parts).runs.map((run) => [run.key, partsOf(run).join(' ')]));
}

function partsOf({ evidence }: JoinedRun): string[] {
  return ranked(evidence, 'file').map(({ file, says: { documents } }) => {
    const ledger = documents?.ledger;
    return ledger === undefined ? file : `${file}#${ledger.identifier}/${ledger.relpath}/${ledger.uid}`;
  });
}

const book = 'r/metadata.json';

describe('what is one run', () => {
  it('is what lies in the same folder, metrics/ counting as the folder around', () => {
    expect(
      shape({
        receipts: [receipt('a/run.lock'), receipt('b/run.lock')],
        experiments: [experiment('a/experiment_tracker.json')],
        metrics: [
          metrics('a/metrics/metrics.jsonl'),
          metrics('a/metrics.jsonl'),
          metrics('c/logs/metrics.jsonl'),
        ],
      }),
    ).toEqual({
      a: 'a/run.lock a/experiment_tracker.json a/metrics/metrics.jsonl a/metrics.jsonl',
      b: 'b/run.lock',
      'c/logs': 'c/logs/metrics.jsonl',
    });
  });

  it('is a record of a ledger and what lies in its folder', () => {
    expect(
      shape({
        ledger: [ledgerRun(book, 'train/grid/000'), ledgerRun(book, 'train/grid/001')],
        receipts: [receipt('r/grid/000/run.lock')],
        experiments: [experiment('r/grid/001/experiment_tracker.json')],
        metrics: [metrics('r/grid/000/metrics/metrics.jsonl')],
      }),
    ).toEqual({
      'r:train/grid/000': `${book}#train/grid/000 r/grid/000/run.lock r/grid/000/metrics/metrics.jsonl`,
      'r:train/grid/001': `${book}#train/grid/001 r/grid/001/experiment_tracker.json`,
    });
  });

  it('is a record of a ledger and what has its prefix, in the folder and beside it', () => {
    expect(
      shape({
        ledger: [
          ledgerRun(book, 'train/grid/000'),
          ledgerRun(book, 'eval/grid/000'),
          ledgerRun(book, 'eval/grid/001'),
        ],
        receipts: [receipt('r/grid/000_train_run.lock'), receipt('r/grid/001_run.lock')],
        metrics: [metrics('r/grid/000/eval_metrics.jsonl')],
      }),
    ).toEqual({
      'r:train/grid/000': `${book}#train/grid/000 r/grid/000_train_run.lock`,
      'r:eval/grid/000': `${book}#eval/grid/000 r/grid/000/eval_metrics.jsonl`,
      'r:eval/grid/001': `${book}#eval/grid/001 r/grid/001_run.lock`,
    });
  });

  it('is shown alone, and said to be, where several records of a ledger have the same folder', () => {
    const { runs, findings } = join({
      ledger: [ledgerRun(book, 'train//000'), ledgerRun(book, 'eval//000')],
      receipts: [receipt('r/000/run.lock')],
    });
    expect(runs.map(({ key }) => key)).toEqual(['r:train/000', 'r:eval/000', 'r/000']);
    expect(findings.map(({ code, file }) => [code, file])).toEqual([['unjoined-run', 'r/000/run.lock']]);
  });

  it('is found among several records of one folder where one names the file, or the file names it', () => {
    const named = ledgerRun(book, 'train//000', { files: { receipt: '/other/machine/r/000/run.lock' } });
    expect(
      shape({ ledger: [named, ledgerRun(book, 'eval//000')], receipts: [receipt('r/000/run.lock')] }),
    ).toEqual({
      'r:train/000': `${book}#train//000 r/000/run.lock`,
      'r:eval/000': `${book}#eval//000`,
    });
    const naming = experiment('r/000/experiment_tracker.json', {}, { run: 'eval/000' });
    const both = [ledgerRun(book, 'train//000'), ledgerRun(book, 'eval//000')];
    expect(shape({ ledger: both, experiments: [naming] })).toEqual({
      'r:train/000': `${book}#train//000`,
      'r:eval/000': `${book}#eval//000 r/000/experiment_tracker.json`,
    });
  });

  it('shares an id where it lies apart', () => {
    expect(
      shape({
        ledger: [ledgerRun(book, 'train//007')],
        receipts: [
          receipt('locks/a/run.lock', { run: 'exp-1' }),
          receipt('locks/b/run.lock', { run: 'r:train/007' }),
        ],
        experiments: [experiment('exp/experiment_tracker.json', { experiment_id: 'exp-1' })],
      }),
    ).toEqual({
      exp: 'locks/a/run.lock exp/experiment_tracker.json',
      'r:train/007': `${book}#train//007 locks/b/run.lock`,
    });
  });

  it('stays apart where an id fits several runs, or the place is taken', () => {
    const twice = [
      experiment('x/experiment_tracker.json', { experiment_id: 'same' }),
      experiment('y/experiment_tracker.json', { experiment_id: 'same' }),
    ];
    expect(
      Object.keys(shape({ experiments: twice, receipts: [receipt('l/run.lock', { run: 'same' })] })),
    ).toEqual(['l', 'x', 'y']);
    const taken = [receipt('x/run.lock'), receipt('l/run.lock', { run: 'x' })];
    expect(Object.keys(shape({ receipts: taken }))).toEqual(['x', 'l']);
  });

  it('has the metrics that an experiment names, wherever they are', () => {
    const naming = experiment('exp/a/experiment_tracker.json', {
      artifact_ids: ['m'],
      metric_files: ['C:\\old\\logs\\a\\metrics.jsonl'],
    });
    expect(shape({ experiments: [naming], metrics: [metrics('logs/a/metrics.jsonl')] })).toEqual({
      'exp/a': 'exp/a/experiment_tracker.json logs/a/metrics.jsonl',
    });
  });

  it('keeps runs with a number before the name, and only those', () => {
    const claimed = claimedFiles([ledgerEvidence(ledgerRun(book, 'val/x/000'))]);
    const isClaimed = (file: string) =>
      claimed(placeOfFile(file, file.endsWith('.lock') ? 'run.lock' : 'metrics.jsonl'));
    expect(isClaimed('a/007_run.lock')).toBe(true);
    expect(isClaimed('a/007_train_metrics.jsonl')).toBe(true);
    expect(isClaimed('a/val_metrics.jsonl')).toBe(false);
    expect(isClaimed('r/x/000/val_metrics.jsonl')).toBe(true);
    expect(shape({ receipts: [receipt('a/007_run.lock'), receipt('a/007/run.lock')] })).toEqual({
      'a/007_': 'a/007_run.lock',
      'a/007': 'a/007/run.lock',
    });
  });

  it('does not leave the book, whatever relpath a ledger has', () => {
    const { runs } = join({
      ledger: [ledgerRun(book, 'train/../../../etc/000'), ledgerRun(book, 'train/./a//b/000')],
    });
    expect(runs.map(({ place }) => place)).toEqual(['r', 'r/a/b/000']);
  });

  it('has a key of its own, however names are put together', () => {
    const odd = [
      ledgerRun('x/metadata.json', 'a/b:c/0'),
      ledgerRun('x:a/b/metadata.json', 'c//0'),
      { ...ledgerRun('x/metadata.json', 'q//0'), identifier: 'a/b:c', relpath: '' },
      { ...ledgerRun('x/metadata.json', 'q//0'), identifier: '', relpath: 'a' },
      ledgerRun('x/metadata.json', 'a//0'),
    ];
    const receipts = [receipt('x:a/0/run.lock'), receipt('run.lock')];
    const keys = join({ ledger: odd, receipts }).runs.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.slice(-2)).toEqual(['./x:a/0', '.']);
  });
});

const name = fc.constantFrom('a', 'b', '000', '001');
const folder = fc.array(name, { maxLength: 3 }).map((parts) => parts.join('/'));
const inFolder = (file: string) => folder.map((at) => (at === '' ? file : `${at}/${file}`));
const id = fc.option(fc.constantFrom('a', 'b', '000', 'a/000', ':a/000'), { nil: undefined });
const anyParts = fc.record({
  ledger: fc.uniqueArray(fc.tuple(inFolder('metadata.json'), name, folder, name), {
    selector: (each) => each.join('|'),
    maxLength: 6,
  }),
  receipts: fc.uniqueArray(inFolder('run.lock'), { maxLength: 6 }),
  prefixed: fc.uniqueArray(inFolder('000_run.lock'), { maxLength: 3 }),
  experiments: fc.uniqueArray(inFolder('experiment_tracker.json'), { maxLength: 6 }),
  metrics: fc.uniqueArray(fc.oneof(inFolder('metrics.jsonl'), inFolder('metrics/metrics.jsonl')), {
    maxLength: 6,
  }),
  id,
});

describe('any collection of parts', () => {
  const build = (parts: typeof anyParts extends fc.Arbitrary<infer T> ? T : never): Required<Parts> => ({
    ledger: parts.ledger.map(([file, identifier, relpath, uid]) =>
      ledgerRun(file, [identifier, relpath, uid].filter((each) => each !== '').join('/')),
    ),
    receipts: [...parts.receipts, ...parts.prefixed].map((file) =>
      receipt(file, parts.id === undefined ? {} : { run: parts.id }),
    ),
    experiments: parts.experiments.map((file) => experiment(file)),
    metrics: parts.metrics.map((file) => metrics(file)),
  });

  it('ends up in runs with every part exactly once, each run with a key of its own', () => {
    fc.assert(
      fc.property(anyParts, (given) => {
        const parts = build(given);
        const { runs } = join(parts);
        const got = runs.flatMap(partsOf).sort();
        const expected = [
          ...parts.ledger.map(
            ({ file, identifier, relpath, uid }) => `${file}#${identifier}/${relpath}/${uid}`,
          ),
          ...[...parts.receipts, ...parts.experiments, ...parts.metrics].map(({ file }) => file),
        ].sort();
        expect(got).toEqual(expected);
        expect(new Set(runs.map(({ key }) => key)).size).toBe(runs.length);
      }),
    );
  });

  it('does not depend on the order in which ledgers and files are read', () => {
    fc.assert(
      fc.property(anyParts, (given) => {
        const parts = build({ ...given, id: undefined });
        const reversed = {
          ledger: parts.ledger.toReversed(),
          receipts: parts.receipts.toReversed(),
          experiments: parts.experiments.toReversed(),
          metrics: parts.metrics,
        };
        // Where two receipts want the place of one run, the first one has it.
        if (given.prefixed.length > 0) return;
        expect(shape(reversed)).toEqual(shape(parts));
      }),
    );
  });
});
