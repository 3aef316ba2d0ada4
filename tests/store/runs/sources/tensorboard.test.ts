import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainSeries } from '../../../../collector/formats/metrics/series.ts';
import { readRuns } from '../../../../collector/store/runs/read-runs.ts';
import { readSeries } from '../../../../collector/store/runs/read-series.ts';
import { temporaryBook } from '../../../helpers.ts';
import { readBook } from '../../../run-books.ts';
import { eventFile, field, scalarEvent, varint } from '../../../tensorboard-file.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures/sources/tensorboard');

async function curvesOf({ root, runs }: Pick<Awaited<ReturnType<typeof readBook>>, 'root' | 'runs'>, at = 0) {
  return (await readSeries(root, runs[at]!))
    .map(plainSeries)
    .map(({ name, steps, values }) => [name, steps, values]);
}

describe('event files of TensorBoard', () => {
  it('are one run a folder, as the originals write them: numbers, tensors of one number, hyperparameters', async () => {
    const root = temporaryBook();
    cpSync(fixtures, root, { recursive: true });
    const runs = (await readRuns(root)).sort((a, b) => (a.key < b.key ? -1 : 1));
    expect(runs).toMatchObject([
      {
        key: 'run',
        status: 'completed',
        statusWord: 'SUCCESS',
        params: { lr: 0.1, bs: 32, opt: 'sgd', bn: true },
        metrics: { 'hparam/acc': 0.5 },
      },
      {
        key: 'tensors',
        atUs: 1_700_000_000_000_000,
        origin: { facts: [['Not shown', '5 tensors']] },
      },
    ]);
    const half = [0, 0.300048828125, 0.60009765625, 0.89990234375, 1.2001953125];
    const steps = [0, 1, 2, 3, 4];
    const [f32, ...others] = await curvesOf({ root, runs }, 1);
    expect(f32).toEqual(['f32', steps, [0, 0.3, 0.6, 0.9, 1.2].map(Math.fround)]);
    expect(others).toEqual([
      ['f64', steps, [0, 0.3, 0.6, 3 * 0.3, 1.2]],
      ['i64', steps, [0, -1, -2, -3, -4]],
      ['i32', steps, [0, -1, -2, -3, -4]],
      ['f16', steps, half],
    ]);
  });

  it('of one folder go on one after the other, and one that begins again earlier is told apart', async () => {
    const book = await readBook({
      'a/events.out.tfevents.1.host': eventFile([1, 2, 3].map((step) => scalarEvent('loss', step, step))),
      'a/events.out.tfevents.2.host': eventFile(
        [2, 3].map((step) => scalarEvent('loss', step, step * 10, 1_700_000_100 + step)),
      ),
      'b/train/events.out.tfevents.1.host.v2': eventFile([scalarEvent('loss', 1, 0.5)]),
    });
    expect(book.findings).toEqual([]);
    expect(book.runs).toMatchObject([
      {
        key: 'a',
        series: [{ name: 'loss', count: 3, resumed: { at: [2], earlier: 2 } }],
        files: [{ path: 'a/events.out.tfevents.1.host' }],
        origin: { facts: [['Event files', '2 files']] },
      },
      { key: 'b/train' },
    ]);
    expect(await curvesOf(book)).toEqual([['loss', [1, 2, 3], [1, 20, 30]]]);
  });

  it('are read up to where they end in the middle, and without records that were changed', async () => {
    const whole = eventFile([
      scalarEvent('loss', 1, 1),
      scalarEvent('loss', 2, 2),
      scalarEvent('loss', 3, 3),
    ]);
    const one = eventFile([scalarEvent('loss', 1, 1)]);
    const changed = Buffer.from(whole);
    // In the data of the first number.
    changed[one.length - 6]! ^= 1;
    const lost = Buffer.from(whole);
    lost[one.length]! ^= 1;
    const book = await readBook({
      'cut/events.out.tfevents.1.h': whole.subarray(0, -3),
      'changed/events.out.tfevents.1.h': changed,
      'lost/events.out.tfevents.1.h': lost,
      'empty/events.out.tfevents.1.h': '',
      'other/events.out.tfevents.1.h': 'no events at all, but a text that is long enough',
      'lfs/events.out.tfevents.1.h':
        'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n',
    });
    expect(book.runs.map(({ key, series }) => [key, series.map(({ count }) => count)])).toEqual([
      ['changed', [2]],
      ['cut', [2]],
      ['lost', [1]],
    ]);
    const found = Object.fromEntries(
      book.findings.map(({ file, code, severity }) => [file.split('/')[0], `${code} ${severity}`]),
    );
    expect(found).toEqual({
      cut: 'truncated note',
      changed: 'bad-checksum warning',
      lost: 'bad-checksum warning',
      empty: 'empty-file note',
      other: 'wrong-schema warning',
      lfs: 'lfs-pointer error',
    });
  });

  it('are read past a tensor of more numbers than a call takes, and a time that is none', async () => {
    const count = 200_000;
    const content = Buffer.concat([
      field(1, 0, varint(9)),
      field(2, 2, field(2, 2, field(1, 0, varint(count)))),
      field(10, 2, Buffer.alloc(count, 7)),
    ]);
    const value = Buffer.concat([field(1, 2, Buffer.from('large')), field(8, 2, content)]);
    const large = Buffer.concat([field(2, 0, varint(2)), field(5, 2, field(1, 2, value))]);
    const { runs, findings } = await readBook({
      'events.out.tfevents.1.h': eventFile([
        scalarEvent('loss', 1, 1),
        large,
        scalarEvent('loss', 3, 3, 1e300),
      ]),
    });
    expect(findings).toEqual([]);
    expect(runs).toMatchObject([
      {
        atUs: 1_700_000_001_000_000,
        series: [{ name: 'loss', count: 2, last: 3 }],
        origin: { facts: [['Not shown', '1 tensor']] },
      },
    ]);
  });
});
