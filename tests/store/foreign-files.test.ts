import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../collector/formats/config/config.ts';
import { plainSeries } from '../../collector/formats/metrics/series.ts';
import { auditBook } from '../../collector/store/audit.ts';
import { newestActions } from '../../collector/store/newest-actions.ts';
import { readMetricsFile } from '../../collector/store/runs/read-metrics.ts';
import { readRuns } from '../../collector/store/runs/read-runs.ts';
import { foreignLine, readAll, temporaryBook } from '../helpers.ts';

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'1d'.repeat(32)}\nsize 3750871\n`;
const fixture = (path: string) => readFileSync(join(import.meta.dirname, '../fixtures', path), 'utf8');
const at = (second: number) => `2025-12-22T02:20:0${second}.000000Z`;
const lines = [1, 2, 3].map((n) => `${foreignLine({ id: `id${n}`, type: '上海 é', at: at(n) })}\n`);
const periodic = JSON.stringify({
  snapshot_id: 'periodic_20251222_022057',
  snapshot_type: 'periodic',
  timestamp: at(9),
  system_state: {},
});

/** A file of every kind, as it is read. */
const files: Record<string, string> = {
  'snapshots/action_log.jsonl': lines.join(''),
  'snapshots/action_log-2025-10.jsonl.zst': '',
  'snapshots/action_x.json': foreignLine({ id: 'action_x' }),
  'snapshots/periodic_20251222_022057.json': periodic,
  'snapshots/store/pruned.jsonl': `${JSON.stringify({ snapshot_id: 'p', timestamp: at(1) })}\n`,
  'snapshots/store/registry.json': '{"snapshots":{}}',
  'daybook.yaml': 'title: Ours\n',
  'runs/a/run.lock': fixture('receipts/first-train.lock'),
  'runs/a/metrics.jsonl': '{"step":1,"loss":0.5}\n',
  'runs/a/config.yaml': 'lr: 0.1\n',
  'runs/b/metrics.jsonl': '{"step":1,"loss":0.5}\n',
  'runs/b/config.yaml': 'lr: 0.1\n',
  'metadata.json': fixture('ledger/aggregate.json'),
};
const unread = new Set(['runs/a/config.yaml']);
const unencoded = 'snapshots/action_log-2025-10.jsonl.zst';

const encodings: Record<string, (text: string) => Buffer> = {
  'UTF-16 with a mark': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'UTF-16 of the other order': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  'UTF-16 without a mark': (text) => Buffer.from(text, 'utf16le'),
  'UTF-8 with a mark': (text) => Buffer.from(`\ufeff${text}`),
};

async function findingsOf(root: string) {
  return (await auditBook(root)).findings.filter(({ code }) => code === 'not-utf8' || code === 'lfs-pointer');
}

describe('a file of any kind', () => {
  it('is known as a Git LFS pointer, with one finding each that says the remedy', async () => {
    // A configuration is read where there is a run.
    const names = Object.keys(files).filter((name) => !unread.has(name) && name !== 'runs/b/metrics.jsonl');
    const pointers = Object.fromEntries(names.map((name) => [name, pointer]));
    const findings = await findingsOf(temporaryBook({ ...files, ...pointers }));
    expect(findings.map(({ file }) => file).sort()).toEqual(names.sort());
    for (const finding of findings) {
      expect(finding).toMatchObject({
        code: 'lfs-pointer',
        found: 'a Git LFS pointer to 3750871 bytes that were not downloaded',
        hint: expect.stringContaining('git lfs pull'),
      });
    }
  });

  it.each(Object.entries(encodings))('is read in %s, with one finding each', async (_, encode) => {
    const names = Object.keys(files).filter((name) => !unread.has(name) && name !== unencoded);
    const { [unencoded]: _archive, ...texts } = files;
    const plain = temporaryBook(texts);
    const coded = temporaryBook(
      Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, encode(text)])),
    );
    const findings = await findingsOf(coded);
    expect(findings.map(({ file }) => file).sort()).toEqual(names.sort());
    for (const { code, hint } of findings) {
      expect(code).toBe('not-utf8');
      expect(hint).toMatch(/iconv -f UTF-16|tail -c \+4/);
    }
    const keys = async (root: string) =>
      (await readAll(root)).records.map(({ key, line, type }) => [key, line, type]);
    expect(await keys(coded)).toEqual(await keys(plain));
    const newest = async (root: string) => (await newestActions(root, 2)).records.map(({ key }) => key);
    expect(await newest(coded)).toEqual(await newest(plain));
    const runs = async (root: string) =>
      (await readRuns(root, defaultConfig().runs, () => undefined)).map(({ key, params, metrics }) => [
        key,
        params,
        metrics,
      ]);
    expect(await runs(coded)).toEqual(await runs(plain));
  });
});

describe('a log', () => {
  const log = 'snapshots/action_log.jsonl';

  it('is read whole where a shell of Windows appended UTF-16 to it, or others UTF-8 to UTF-16', async () => {
    const utf16 = (text: string) => Buffer.from(text.replace('\n', '\r\n'), 'utf16le');
    for (const parts of [
      [Buffer.from(lines[0]!), utf16(lines[1]!), Buffer.from(lines[2]!)],
      [utf16(`\ufeff${lines[0]}`), Buffer.from(lines[1]!), utf16(lines[2]!)],
    ]) {
      const root = temporaryBook({ [log]: Buffer.concat([...parts, Buffer.from(lines[2]!)]) });
      const { records, findings, totals } = await readAll(root);
      expect(records.map(({ snapshotId, type, line }) => [snapshotId, type, line])).toEqual([
        ['id1', '上海 é', 1],
        ['id2', '上海 é', 2],
        ['id3', '上海 é', 3],
      ]);
      expect(totals).toMatchObject({ lines: 4, records: 3, repeated: 1, broken: 0 });
      expect(findings.find(({ code }) => code === 'not-utf8')).toMatchObject({
        line: parts[0]!.includes(0) ? 1 : 2,
        found: 'lines in UTF-16 among lines in UTF-8',
      });
      expect((await newestActions(root, 3)).records.map(({ snapshotId }) => snapshotId)).toEqual([
        'id3',
        'id2',
        'id1',
      ]);
    }
  });

  it('that is a Git LFS pointer is read from where records were appended', async () => {
    const root = temporaryBook({ [log]: pointer + lines[0] });
    const { records, findings, totals } = await readAll(root);
    expect(records.map(({ line }) => line)).toEqual([4]);
    expect(findings.map(({ code }) => code)).toEqual(['lfs-pointer']);
    expect(totals).toMatchObject({ lines: 4, records: 1, broken: 3 });
    expect((await newestActions(root, 3)).records).toHaveLength(1);
  });

  it('in Latin-1 shows its letters, and says that it is a guess', async () => {
    const root = temporaryBook({ [log]: Buffer.from(foreignLine({ type: 'Prüfung' }), 'latin1') });
    const { records, findings } = await readAll(root);
    expect(records[0]!.type).toBe('Prüfung');
    expect(findings.map(({ found }) => found)).toContain(
      'bytes that are not UTF-8, read as Windows-1252 (Latin-1), which is a guess',
    );
  });

  it('gives all records that stand on one line, with one finding, and what is whole beside a piece', async () => {
    const [a, b, c] = lines.map((line) => line.trimEnd()) as [string, string, string];
    const root = temporaryBook({ [log]: `${a}${b}\n${c.slice(0, 150)}${c}\n${c}\n` });
    const { records, findings, totals } = await readAll(root);
    expect(records.map(({ snapshotId, line }) => [snapshotId, line])).toEqual([
      ['id1', 1],
      ['id2', 1],
      ['id3', 2],
    ]);
    expect(findings.map(({ code, severity, line }) => [code, severity, line])).toEqual([
      ['joined-lines', 'note', 1],
      ['joined-lines', 'warning', 2],
      ['repeated-line', 'note', 3],
    ]);
    expect(totals).toMatchObject({ lines: 3, joined: 1, records: 3, repeated: 1, broken: 0 });
    expect((await newestActions(root, 3)).records.map(({ snapshotId }) => snapshotId)).toEqual([
      'id3',
      'id2',
      'id1',
    ]);
  });
});

describe('a file of metrics', () => {
  it('gives all points of a line, and those beside a piece', async () => {
    const root = temporaryBook();
    mkdirSync(join(root, 'r'));
    writeFileSync(
      join(root, 'r/metrics.jsonl'),
      '{"step":1,"loss":3}{"step":2,"loss":nan}\n{"step":3,"lo{"step":4,"loss":1}\n',
    );
    const findings: string[] = [];
    const record = await readMetricsFile(root, 'r/metrics.jsonl', ({ code }) => findings.push(code));
    expect(plainSeries(record.series.get('loss')!)).toMatchObject({
      steps: [1, 2, 4],
      values: [3, Number.NaN, 1],
    });
    expect(findings).toEqual(['joined-lines', 'joined-lines']);
  });
});
