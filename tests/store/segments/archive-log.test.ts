import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActionRecord } from '../../../collector/formats/actions/action.ts';
import { isSegmentName } from '../../../collector/formats/actions/segment.ts';
import { actionLogPath, snapshotsFolder } from '../../../collector/store/layout.ts';
import { newestActions } from '../../../collector/store/newest-actions.ts';
import {
  archiveLog,
  dropArchivedLines,
  knownSegments,
  planArchive,
} from '../../../collector/store/segments/archive-log.ts';
import type { ArchiveRule } from '../../../collector/store/segments/groups.ts';
import { readAll, temporaryBook } from '../../helpers.ts';
import { amount } from '../../long.ts';
import { oddLines, sampleLine } from '../log-index/sample-lines.ts';

const everything: ArchiveRule = { by: 'month', beforeUs: Number.MAX_SAFE_INTEGER };

const line = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .record({
        writer: fc.constantFrom('daybook' as const, 'original' as const, 'bare' as const),
        // Up to four months.
        minute: fc.nat({ max: 180_000 }),
        type: fc.nat({ max: 3 }),
        status: fc.nat({ max: 3 }),
        action: fc.option(fc.nat({ max: 6 }), { nil: undefined }),
        text: fc.constantFrom('one', 'zwei "größe"', 'x'.repeat(300)),
      })
      .map(sampleLine),
  },
  { weight: 1, arbitrary: fc.constantFrom(...oddLines).map((text) => Buffer.from(text)) },
);

/** What is read of a record, wherever it stands. */
const facts = ({ key, actionId, atUs, type, status, details }: ActionRecord) =>
  JSON.stringify([atUs, key, actionId, type, status, details]);

async function contents(root: string) {
  const { records, totals } = await readAll(root);
  const { lines, records: count, broken, torn, repeated, joined, blank } = totals;
  return { all: records.map(facts).sort(), totals: { lines, count, broken, torn, repeated, joined, blank } };
}

const segmentsIn = (root: string) => readdirSync(snapshotsFolder(root)).filter(isSegmentName);

function book(lines: readonly Buffer[]): string {
  return temporaryBook({ 'snapshots/action_log.jsonl': Buffer.concat(lines) });
}

function months(count: number): Buffer[] {
  return Array.from({ length: count }, (_, number) =>
    sampleLine({
      writer: number % 3 === 0 ? 'original' : 'daybook',
      minute: number * 97,
      type: number,
      status: number,
      action: number >> 1,
      text: `line ${number}`,
    }),
  );
}

describe('archiving the log', () => {
  it('reads as before, whatever stands in the log and however it is cut up', async () => {
    const rule = fc.record({
      by: fc.constantFrom<ArchiveRule['by']>('month', 1000, 100_000),
      beforeUs: fc
        .integer({ min: 0, max: 180_000 })
        .map((minute) => Date.UTC(2026, 2, 1) * 1000 + minute * 60e6),
    });
    const steps = fc.array(fc.record({ lines: fc.array(line, { maxLength: 20 }), rule }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const root = book([]);
        for (const step of all) {
          appendFileSync(actionLogPath(root), Buffer.concat(step.lines));
          const log = readFileSync(actionLogPath(root));
          // A last line without an end may still be written; it gets one when the log is cut, and can be archived then.
          const isOpen = log.length > 0 && log.at(-1) !== 10;
          const before = await contents(root);
          const planned = await planArchive(root, step.rule);
          const done = await archiveLog(root, step.rule, false);
          expect(done.segments.map(({ file: _, ...rest }) => rest)).toEqual(
            planned.segments.map(({ file: _, ...rest }) => rest),
          );
          const after = await contents(root);
          expect(after.all).toEqual(before.all);
          expect(after.totals.count).toBe(before.totals.count);
          const again = await archiveLog(root, step.rule, false);
          expect(again.segments.reduce((sum, { lines }) => sum + lines, 0)).toBeLessThanOrEqual(
            isOpen ? 1 : 0,
          );
          expect((await contents(root)).all).toEqual(before.all);
          expect((await archiveLog(root, step.rule, false)).segments).toEqual([]);
        }
        rmSync(root, { recursive: true, force: true });
      }),
      { numRuns: amount(30, 400) },
    );
  });

  it('puts each month that is over into a file that any zstd unpacks to the lines of the log', async () => {
    const lines = months(1000);
    const root = book(lines);
    const beforeUs = Date.UTC(2026, 4, 5) * 1000;
    const { segments, stay } = await archiveLog(root, { by: 'month', beforeUs }, false);
    expect(segments.map(({ period }) => period)).toEqual(['2026-03', '2026-04']);
    const held = segments.map(({ file }) => zstdDecompressSync(readFileSync(join(root, file!))).toString());
    const left = readFileSync(actionLogPath(root), 'utf8');
    expect(held.join('') + left).toBe(Buffer.concat(lines).toString());
    expect(Buffer.byteLength(left)).toBe(stay);
    expect((await readAll(root)).findings).toEqual([]);
  });

  it('reads the newest actions from the segments where the log has too few', async () => {
    const root = book(months(2000));
    const before = await newestActions(root, 30);
    await archiveLog(root, everything, false);
    const after = await newestActions(root, 30);
    expect(after.records.map(facts)).toEqual(before.records.map(facts));
    appendFileSync(actionLogPath(root), sampleLine({ ...wish, minute: 1_000_000 }));
    expect((await newestActions(root, 30)).records.slice(1).map(facts)).toEqual(
      before.records.slice(0, 29).map(facts),
    );
  });

  it('takes a line from the log that stands in a segment already, and no other', async () => {
    const lines = months(300);
    const root = book(lines);
    const before = await contents(root);
    await archiveLog(root, everything, false);
    expect(readFileSync(actionLogPath(root), 'utf8')).toBe('');
    // As after a merge with a clone that has not archived, or a process that was stopped before it cut the log.
    const late = sampleLine({ ...wish, minute: 5, text: 'late' });
    writeFileSync(actionLogPath(root), Buffer.concat([...lines, late]));
    const both = await contents(root);
    expect(both.totals.count).toBe(before.totals.count + 1);
    await dropArchivedLines(root);
    expect(readFileSync(actionLogPath(root), 'utf8')).toBe(late.toString());
    expect((await contents(root)).all).toEqual(both.all);
  });

  it('has one name for the same lines, and another for others of the same month', async () => {
    const [one, other] = [book(months(100)), book(months(100))];
    await archiveLog(one, everything, false);
    await archiveLog(other, everything, false);
    expect(segmentsIn(other)).toEqual(segmentsIn(one));
    appendFileSync(actionLogPath(one), sampleLine({ ...wish, minute: 7 }));
    await archiveLog(one, everything, false);
    expect(segmentsIn(one)).toHaveLength(segmentsIn(other).length + 1);
  });

  it('does not cut the log where no segment can be written', async () => {
    const root = book(months(50));
    const log = readFileSync(actionLogPath(root));
    const first = await planArchive(root, everything);
    expect(first.segments).toHaveLength(1);
    // A folder with the name that the segment will have.
    const clone = book(months(50));
    const name = (await archiveLog(clone, everything, false)).segments[0]!.file!;
    mkdirSync(join(root, name));
    await expect(archiveLog(root, everything, false)).rejects.toThrow();
    expect(readFileSync(actionLogPath(root)).equals(log)).toBe(true);
    expect(existsSync(join(root, name))).toBe(true);
  });
});

const wish = { writer: 'daybook', minute: 0, type: 0, status: 0, action: undefined, text: 'one' } as const;

describe('a segment that is damaged', () => {
  /** Incompressible enough for several frames. */
  function large(): Buffer[] {
    return Array.from({ length: 4000 }, (_, number) =>
      sampleLine({ ...wish, minute: number, text: `${number} ${'abcdefgh '.repeat(90)}` }),
    );
  }

  it('is a finding with the lines that are missing, and all others are read', async () => {
    const lines = large();
    const root = book(lines);
    await archiveLog(root, everything, false);
    const [{ path, table }] = knownSegments(root) as [ReturnType<typeof knownSegments>[number]];
    expect(table.frames.length).toBeGreaterThan(2);
    const [first, second] = table.frames as [(typeof table.frames)[number], (typeof table.frames)[number]];
    const bytes = readFileSync(path);
    bytes[second.at + (second.size >> 1)]! ^= 0x55;
    writeFileSync(path, bytes);
    const { records, findings, totals } = await readAll(root);
    expect(records).toHaveLength(lines.length - second.lines);
    expect(totals.broken).toBe(second.lines);
    expect(totals.lines).toBe(lines.length);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ code: 'unreadable', severity: 'error' });
    expect(findings[0]!.found).toContain(`lines ${first.lines + 1} to ${first.lines + second.lines}`);
    expect(records.at(-1)!.line).toBe(lines.length);
    expect((await newestActions(root, 5)).records).toHaveLength(5);
  });

  it('is read as far as it goes where its end is missing, also at the border of a frame', async () => {
    const lines = large();
    const root = book(lines);
    await archiveLog(root, everything, false);
    const [{ path, table }] = knownSegments(root) as [ReturnType<typeof knownSegments>[number]];
    const bytes = readFileSync(path);
    for (const end of [table.frames[2]!.at, table.frames[2]!.at - 100, bytes.length - 3]) {
      writeFileSync(path, bytes.subarray(0, end));
      const { records, findings } = await readAll(root);
      expect(records.length).toBeGreaterThanOrEqual(table.frames[0]!.lines);
      expect(findings.map(({ code }) => code)).toContain('unreadable');
    }
  });
});
