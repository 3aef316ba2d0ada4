import { appendFileSync, mkdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serializeMetrics } from '../../../collector/formats/metrics/points.ts';
import { plainSeries } from '../../../collector/formats/metrics/series.ts';
import { LiveMetrics } from '../../../collector/store/runs/live-metrics.ts';
import { readMetricsFile } from '../../../collector/store/runs/read-metrics.ts';
import { temporaryBook } from '../../helpers.ts';

const file = 'runs/a/metrics.jsonl';

function book(lines: readonly (string | Buffer)[] = []): { root: string; path: string } {
  const root = temporaryBook();
  mkdirSync(join(root, 'runs/a'), { recursive: true });
  const path = join(root, file);
  writeFileSync(path, Buffer.concat(lines.map((line) => Buffer.from(line))));
  return { root, path };
}

let id = 0;

function line(step: number, loss = 1 / (step + 1)): Buffer {
  id += 1;
  const time = new Date(Date.UTC(2026, 0, 1) + id * 1000).toISOString();
  return serializeMetrics({ id: `id-${id}`, values: { loss }, step, time });
}

const stepsOf = (live: LiveMetrics) => live.curves().find(({ name }) => name === 'loss')?.points.steps;

describe('a file of metrics that is being written', () => {
  it('gives what was appended, once, and a line only when its newline stands there', () => {
    const { root, path } = book([line(0)]);
    const live = new LiveMetrics(root, file);
    expect(live.look()?.series?.map(plainSeries)).toMatchObject([{ name: 'loss', steps: [0] }]);
    expect(live.look()).toBeUndefined();
    const next = line(1);
    appendFileSync(path, next.subarray(0, 20));
    expect(live.look()).toBeUndefined();
    appendFileSync(path, Buffer.concat([next.subarray(20), line(2)]));
    expect(live.look()?.series?.map(plainSeries)).toMatchObject([{ name: 'loss', steps: [1, 2] }]);
    expect(live.last.get('loss')).toEqual({ step: 2, value: 1 / 3 });
  });

  it('takes a line that was written twice once', () => {
    const { root, path } = book();
    const live = new LiveMetrics(root, file);
    const twice = line(0);
    appendFileSync(path, twice);
    expect(live.look()?.series?.map(plainSeries)).toMatchObject([{ steps: [0] }]);
    appendFileSync(path, Buffer.concat([twice, line(1)]));
    expect(live.look()?.series?.map(plainSeries)).toMatchObject([{ steps: [1] }]);
  });

  it('reads the whole of a large file only when its curves are asked for, and only its end before', async () => {
    const lines = Array.from({ length: 5000 }, (_, step) => line(step));
    const { root, path } = book(lines);
    const live = new LiveMetrics(root, file);
    const first = live.look()!.series![0]!;
    expect(first.values.length).toBeLessThan(1000);
    expect(live.last.get('loss')?.step).toBe(4999);
    appendFileSync(path, line(5000).subarray(0, 10));
    live.look();
    await live.open();
    expect(live.countOf('loss')).toBe(5000);
    expect(stepsOf(live)!.length).toBeLessThanOrEqual(2000);
  });

  it('goes on from the whole with what is appended, the line that was half there included', async () => {
    const { root, path } = book([line(0), line(1)]);
    const half = line(2);
    appendFileSync(path, half.subarray(0, 15));
    const live = new LiveMetrics(root, file);
    live.look();
    await live.open();
    expect(stepsOf(live)).toEqual([0, 1]);
    appendFileSync(path, Buffer.concat([half.subarray(15), line(3)]));
    live.look();
    expect(stepsOf(live)).toEqual([0, 1, 2, 3]);
  });

  it('counts the lines of a file without steps on', async () => {
    const { root, path } = book(['{"loss":3}\n{"loss":2}\n']);
    const live = new LiveMetrics(root, file);
    live.look();
    await live.open();
    appendFileSync(path, '{"loss":1}\n');
    expect(live.look()?.series?.map(plainSeries)).toMatchObject([{ steps: [2], values: [1] }]);
  });

  it.each([
    ['cut', (path: string) => truncateSync(path, 0)],
    [
      'replaced',
      (path: string) => {
        writeFileSync(`${path}.new`, Buffer.concat([line(0), line(1), line(2)]));
        renameSync(`${path}.new`, path);
      },
    ],
  ])('begins anew where the file was %s', async (_, change) => {
    const { root, path } = book([line(7), line(8)]);
    const live = new LiveMetrics(root, file);
    live.look();
    await live.open();
    change(path);
    appendFileSync(path, line(3));
    expect(live.look()).toMatchObject({ series: undefined });
    expect(live.isOpen).toBe(false);
    await live.open();
    const record = await readMetricsFile(root, file, () => {});
    expect(stepsOf(live)).toEqual([...record.series.get('loss')!.steps]);
  });

  it('outlives a file that is not there, or not any more', () => {
    const { root, path } = book();
    const live = new LiveMetrics(root, 'runs/b/metrics.jsonl');
    expect(live.look()).toBeUndefined();
    mkdirSync(join(root, 'runs/b'));
    writeFileSync(join(root, 'runs/b/metrics.jsonl'), line(0));
    expect(live.look()?.series?.map(plainSeries)).toMatchObject([{ steps: [0] }]);
    renameSync(join(root, 'runs/b/metrics.jsonl'), path);
    expect(live.look()).toBeUndefined();
  });

  it('has in the end what a build reads, however the lines come and whichever way their steps go', async () => {
    const steps = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 30 }),
        async (all, cuts) => {
          const { root, path } = book();
          const bytes = Buffer.concat(all.map((step) => line(step, step * 2)));
          const live = new LiveMetrics(root, file);
          await live.open();
          let at = 0;
          for (const cut of [...cuts, bytes.length]) {
            appendFileSync(path, bytes.subarray(at, at + cut));
            at += cut;
            const found = live.look();
            if (found !== undefined && found.series === undefined) await live.open();
          }
          const record = await readMetricsFile(root, file, () => {});
          expect(stepsOf(live)).toEqual([...record.series.get('loss')!.steps]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
