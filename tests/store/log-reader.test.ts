import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serializeAction } from '../../collector/formats/actions/action.ts';
import { newestActions } from '../../collector/store/newest-actions.ts';
import { foreignLine, readAll, temporaryBook } from '../helpers.ts';

const log = 'snapshots/action_log.jsonl';
const at = (second: number) => `2025-12-22T02:20:${String(second).padStart(2, '0')}.000000Z`;
const own = (second: number, type = 't') =>
  serializeAction({
    snapshot_id: `action_20251222_0220${String(second).padStart(2, '0')}_000000_00000a`,
    snapshot_type: 'action',
    timestamp: at(second),
    metadata: { generated_by: 'daybook', version: '1' },
    action: { type, status: 'done', started_at: at(second), details: {} },
  }).toString();

describe('readActions', () => {
  it('shows foreign lines that share an id but differ, each with a key of its own that does not change', async () => {
    const lines = ['a', 'b', 'c'].map((type) => foreignLine({ type }));
    const { records } = await readAll(temporaryBook({ [log]: lines.map((line) => `${line}\n`).join('') }));
    expect(records.map((one) => one.type)).toEqual(['a', 'b', 'c']);
    expect(new Set(records.map((one) => one.key)).size).toBe(3);
    const reordered = await readAll(temporaryBook({ [log]: `${lines[2]}\n${lines[0]}\n` }));
    expect(reordered.records.map((one) => one.key)).toEqual([records[2]!.key, records[0]!.key]);
  });

  it('takes a line that stands twice as one, next to each other, far apart and in another file', async () => {
    const many = Array.from({ length: 50 }, (_, second) => own(second));
    const { records, totals, findings } = await readAll(
      temporaryBook({
        'snapshots/action_log-w2.jsonl': `${many[3]}${foreignLine()}\n${foreignLine()}\n`,
        [log]: `${many.join('')}${many[49]}${many[0]}${many[20]}`,
      }),
    );
    expect(records).toHaveLength(51);
    expect(totals).toMatchObject({ lines: 56, records: 51, repeated: 5, broken: 0 });
    expect(findings.map((finding) => finding.code)).toEqual(Array(5).fill('repeated-line'));
  });

  it('never stops at a bad line, and says of each what and where it is', async () => {
    const lines = [
      own(1).trimEnd(),
      '{"broken": ',
      'not json at all',
      '\u0000\u0001binary',
      '[]',
      `${'['.repeat(600)}${']'.repeat(600)}`,
      own(2).trimEnd().replace('"done"', '"fail"'),
      foreignLine({ at: 'yesterday' }),
      foreignLine({ details: { loss: 'NaN' } }).replace('"NaN"', 'NaN'),
      '',
      '   ',
      own(3).trimEnd(),
    ];
    const { records, findings, totals } = await readAll(temporaryBook({ [log]: `${lines.join('\n')}\n` }));
    expect(findings.map((finding) => [finding.line, finding.code])).toEqual([
      [2, 'broken-json'],
      [3, 'broken-json'],
      [4, 'binary'],
      [5, 'wrong-shape'],
      [6, 'too-deep'],
      [7, 'bad-checksum'],
      [8, 'bad-time'],
      [9, 'broken-json'],
    ]);
    expect(totals).toMatchObject({ lines: 12, records: 4, broken: 6, blank: 2 });
    expect(records[1]).toMatchObject({ untimed: true, atUs: records[0]!.atUs });
    expect(records[2]!.details).toEqual({ loss: 'NaN' });
    expect(findings.every((finding) => !/[\u0000-\u001f]/.test(finding.found))).toBe(true);
  });

  it('reads lines with carriage returns, a byte order mark, bytes that are not UTF-8, and ten megabytes', async () => {
    const bad = Buffer.from(foreignLine({ type: 'X', id: 'b' }));
    bad[bad.indexOf('X')] = 0xff;
    const huge = foreignLine({ id: 'c', details: { text: 'y'.repeat(10_000_000) } });
    const bytes = Buffer.concat([
      Buffer.from(`\ufeff${foreignLine({ id: 'a' })}\r\n`),
      bad,
      Buffer.from(`\r\n${huge}\r\n${own(4).trimEnd()}\r\n`),
    ]);
    const { records, findings } = await readAll(temporaryBook({ [log]: bytes }));
    expect(records.map((one) => one.snapshotId)).toEqual([
      'a',
      'b',
      'c',
      'action_20251222_022004_000000_00000a',
    ]);
    expect(findings.map(({ code, line, found }) => [code, line, found])).toEqual([
      ['not-utf8', 1, 'UTF-8 with a byte order mark'],
      ['not-utf8', 2, expect.stringContaining('not UTF-8')],
    ]);
    expect((records[2]!.details as { text: string }).text).toHaveLength(10_000_000);
  });

  it('reads compressed segments and shards as one log, and says where a segment is damaged', async () => {
    const zipped = gzipSync(
      Array.from({ length: 2000 }, (_, n) => `${foreignLine({ id: `z${n}` })}\n`).join(''),
    );
    const { records, findings } = await readAll(
      temporaryBook({
        'snapshots/action_log-2026-01.jsonl.gz': gzipSync(`${own(1)}${own(2)}`),
        'snapshots/action_log-2026-02.jsonl.zst': zstdCompressSync(`${own(3)}${own(1)}`),
        'snapshots/action_log-cut.jsonl.gz': zipped.subarray(0, zipped.length - 200),
        [log]: own(4),
      }),
    );
    expect(
      records.filter((one) => one.snapshotId.startsWith('action')).map((one) => one.file.slice(10)),
    ).toEqual([
      'action_log-2026-01.jsonl.gz',
      'action_log-2026-01.jsonl.gz',
      'action_log-2026-02.jsonl.zst',
      'action_log.jsonl',
    ]);
    expect(
      findings.filter((finding) => finding.code === 'unreadable').map((finding) => finding.file),
    ).toEqual(['snapshots/action_log-cut.jsonl.gz']);
  });

  it('reads action files that the log does not have, and no others', async () => {
    const { records, findings } = await readAll(
      temporaryBook({
        [log]: `${foreignLine({ id: 'action_1' })}\n`,
        'snapshots/action_1.json': foreignLine({ id: 'action_1', type: 'copy' }),
        'snapshots/action_2.json': foreignLine({ id: 'action_2', type: 'alone' }),
        'snapshots/action_3.json': '',
        'snapshots/action_4.json': '{"workflow": 1}',
      }),
    );
    expect(records.map((one) => one.type)).toEqual(['build', 'alone']);
    expect(findings.map((finding) => [finding.file, finding.code])).toEqual([
      ['snapshots/action_2.json', 'unlogged-action'],
      ['snapshots/action_3.json', 'empty-file'],
      ['snapshots/action_4.json', 'wrong-shape'],
    ]);
  });

  it('counts findings of one kind instead of listing thousands', async () => {
    const { findings, totals } = await readAll(temporaryBook({ [log]: 'x\n'.repeat(5000) }));
    expect(totals.broken).toBe(5000);
    expect(findings).toHaveLength(201);
    expect(findings[200]!.found).toBe('4800 more findings of this kind');
  });

  it('reads every prefix of a log: all whole lines, and never a part of one', async () => {
    const whole = [own(1, 'é'), `${foreignLine({ id: 'f' })}\n`, own(2), own(3)];
    const bytes = Buffer.from(whole.join(''));
    const ends = whole.map((_, at) => Buffer.byteLength(whole.slice(0, at + 1).join('')));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length }), async (cut) => {
        const { records, findings } = await readAll(temporaryBook({ [log]: bytes.subarray(0, cut) }));
        // A last line whose newline alone is missing is whole.
        const expected = ends.filter((end) => end - 1 <= cut).length;
        expect(records).toHaveLength(expected);
        // What ends where a block of the disk does is what a stopped writer leaves; anything else may still be written.
        const ofWriters = cut % 512 === 0 ? ['torn-line'] : [];
        const codes = ['truncated', 'empty-file', ...ofWriters];
        expect(findings.every((finding) => codes.includes(finding.code))).toBe(true);
      }),
      { numRuns: 150, examples: [[512], [1024]] },
    );
  });
});

describe('newestActions', () => {
  it('gives the newest of all files, newest first, whatever the length of lines', async () => {
    const root = temporaryBook({
      'snapshots/action_log-w2.jsonl': `${own(5)}${own(7)}`,
      [log]: `${own(1)}${foreignLine({ id: 'big', at: at(6), details: 'z'.repeat(300_000) })}\n{"broken\n${own(8)}{"being writ`,
    });
    const { records, findings } = await newestActions(root, 3);
    expect(records.map((one) => one.atUs % 60_000_000)).toEqual([8_000_000, 7_000_000, 6_000_000]);
    expect(findings.map((finding) => finding.code)).toEqual(['broken-json']);
  });

  it('agrees with reading the whole log', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 59 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 10 }),
        async (seconds, count) => {
          const root = temporaryBook({ [log]: seconds.map((second, n) => own(second, `t${n}`)).join('') });
          const all = (await readAll(root)).records.sort((a, b) => b.atUs - a.atUs).slice(0, count);
          const newest = (await newestActions(root, count)).records;
          expect(newest.map((one) => one.atUs)).toEqual(all.map((one) => one.atUs));
        },
      ),
      { numRuns: 40 },
    );
  });
});
