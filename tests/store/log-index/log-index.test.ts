import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { systemClock } from '../../../collector/base/clock.ts';
import type { ActionRecord } from '../../../collector/formats/actions/action.ts';
import { listNewestActions } from '../../../collector/operations/actions/newest.ts';
import { countLog, indexedCounts } from '../../../collector/operations/count-log.ts';
import { indexedMatches } from '../../../collector/operations/view-record.ts';
import { blockRecords } from '../../../collector/store/log-index/columns.ts';
import { withLogIndex } from '../../../collector/store/log-index/open.ts';
import { newestMatching } from '../../../collector/store/log-index/select.ts';
import { readActions } from '../../../collector/store/log-reader.ts';
import { archiveLog } from '../../../collector/store/segments/archive-log.ts';
import { amount } from '../../long.ts';
import { type LineWish, oddLines, sampleLine } from './sample-lines.ts';

const options = { build: 'test', leastBytes: 0 };

const wish: fc.Arbitrary<LineWish> = fc.record({
  writer: fc.constantFrom('daybook', 'original', 'bare'),
  minute: fc.nat({ max: 40 }),
  type: fc.nat({ max: 3 }),
  status: fc.nat({ max: 3 }),
  action: fc.option(fc.nat({ max: 6 }), { nil: undefined }),
  text: fc.constantFrom('one', 'zwei "größe"', 'x'.repeat(300)),
});

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('append' as const), lines: fc.array(wish, { maxLength: 6 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('odd' as const), line: fc.constantFrom(...oddLines) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const), at: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('merge' as const),
      lines: fc.array(wish, { maxLength: 3 }),
      at: fc.nat(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('edit' as const), lines: fc.array(wish, { maxLength: 2 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'archive' as const,
        'pack' as const,
        'close' as const,
        'single' as const,
        'nothing' as const,
      ),
    }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

async function take(root: string, each: Step, number: number): Promise<void> {
  if (each.kind === 'close') await archiveLog(root, { by: 1000, beforeUs: Number.MAX_SAFE_INTEGER }, false);

  const log = join(root, 'snapshots/action_log.jsonl');
  const text = existsSync(log) ? readFileSync(log) : Buffer.alloc(0);
  const lines = () => text.toString('latin1').split(/(?<=\n)/);
  if (each.kind === 'append') appendFileSync(log, Buffer.concat(each.lines.map(sampleLine)));
  if (each.kind === 'odd') appendFileSync(log, each.line);
  if (each.kind === 'again') appendFileSync(log, lines()[each.at % lines().length]!, 'latin1');
  if (each.kind === 'merge') {
    const all = lines();
    all.splice(each.at % all.length, 0, ...each.lines.map((line) => sampleLine(line).toString('latin1')));
    writeFileSync(`${log}.new`, all.join(''), 'latin1');
    renameSync(`${log}.new`, log);
  }
  if (each.kind === 'edit') {
    // In place, as long as before, and appended to before anybody looks.
    writeFileSync(log, text.toString('latin1').replace('"build"', '"BUILD"'), 'latin1');
    appendFileSync(log, Buffer.concat(each.lines.map(sampleLine)));
  }
  if (each.kind === 'cut') writeFileSync(log, text.subarray(0, each.at % (text.length + 1)));
  if (each.kind === 'archive' && text.length > 0)
    renameSync(log, join(root, `snapshots/action_log_${100 + number}.jsonl`));
  if (each.kind === 'pack' && text.length > 0) {
    writeFileSync(join(root, `snapshots/action_log_${100 + number}.jsonl.gz`), gzipSync(text));
    writeFileSync(log, '');
  }
  if (each.kind === 'single') {
    const line = sampleLine({
      writer: 'original',
      minute: number,
      type: 0,
      status: 0,
      action: undefined,
      text: 'one',
    });
    writeFileSync(join(root, `snapshots/action_2026_${number % 2}.json`), line);
  }
}

function makeBook(): string {
  const root = mkdtempSync(join(tmpdir(), 'daybook-'));
  mkdirSync(join(root, 'snapshots'));
  return root;
}

/** A log that is long enough to be extended. */
function beginning(root: string): void {
  const lines = Array.from({ length: 12 }, (_, minute) =>
    sampleLine({
      writer: minute % 2 === 0 ? 'daybook' : 'original',
      minute,
      type: minute,
      status: minute,
      action: minute % 5,
      text: 'one',
    }),
  );
  writeFileSync(join(root, 'snapshots/action_log.jsonl'), Buffer.concat(lines));
}

const facts = ({ key, actionId, snapshotId, atUs, type, status, file, line }: ActionRecord) => ({
  key,
  actionId,
  snapshotId,
  atUs,
  type,
  status,
  file,
  line,
});

async function check(root: string): Promise<void> {
  const read: ActionRecord[] = [];
  const findings: unknown[] = [];
  await readActions(
    root,
    (record) => read.push(record),
    (finding) => findings.push(finding),
  );
  const indexed = await withLogIndex(root, options, async (index) => {
    const places = index.blocks.flatMap(({ count }, block) =>
      Array.from({ length: count }, (_, row) => block * blockRecords + row),
    );
    const one = await newestMatching(index, {
      limit: 5,
      statuses: ['failed'],
      types: ['b*', 'deploy'],
      text: 'größe',
      sinceUs: read[0]?.atUs,
    });
    return { records: await index.read(places), findings: index.findings, one };
  });
  expect(indexed.records.map(facts)).toEqual(read.map(facts));
  expect(indexed.findings).toEqual(findings);
  expect(await indexedCounts(root, options)).toEqual(await countLog(root, systemClock));
  expect(indexed.one.map(facts)).toEqual(chosen(root, read).map(facts));
  for (const id of new Set(read.slice(0, 3).flatMap(({ key, actionId }) => [key, ...(actionId ?? [])]))) {
    const isMatch = ({ key, snapshotId, actionId }: ActionRecord) => [key, snapshotId, actionId].includes(id);
    expect((await indexedMatches(root, id, options)).map(facts)).toEqual(read.filter(isMatch).map(facts));
  }
}

/** The same choice made by hand. */
function chosen(root: string, read: readonly ActionRecord[]): ActionRecord[] {
  const files = [...new Set(read.map(({ file }) => file))];
  const segment = ({ file }: ActionRecord) => (/action_2026_/.test(file) ? -1 : files.indexOf(file));
  const inOrder = [...read.entries()].sort(
    ([a, first], [b, second]) => second.atUs - first.atUs || segment(first) - segment(second) || b - a,
  );
  const seen = new Set<string>();
  const found: ActionRecord[] = [];
  for (const [, record] of inOrder) {
    const { actionId, type, status, atUs } = record;
    if (atUs < read[0]!.atUs) break;
    if (actionId !== undefined && seen.has(actionId)) continue;
    if (actionId !== undefined) seen.add(actionId);
    const isWanted = status === 'failed' && (type.startsWith('b') || type === 'deploy');
    if (isWanted && hasText(root, record, read)) found.push(record);
  }
  return found.slice(0, 5);
}

it('answers as a reading of the whole log does, whatever became of the log since', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      const root = makeBook();
      try {
        beginning(root);
        await check(root);
        for (const [number, each] of steps.entries()) {
          await take(root, each, number);
          await check(root);
        }
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    }),
    { numRuns: amount(40, 500) },
  );
});

it('reads the newest without conditions as they are read from the end of the log', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(wish, { maxLength: 30 }), async (lines) => {
      const root = makeBook();
      writeFileSync(join(root, 'snapshots/action_log.jsonl'), Buffer.concat(lines.map(sampleLine)));
      const indexed = await withLogIndex(root, options, (index) => newestMatching(index, { limit: 40 }));
      const fromEnd = (await listNewestActions(root, 40)).map(({ record }) => record);
      expect(indexed.map(({ key }) => key)).toEqual(fromEnd.map(({ key }) => key));
      rmSync(root, { recursive: true, force: true });
    }),
    { numRuns: amount(60, 500) },
  );
});

/** What counts is the line; where several records share one, each for itself. */
function hasText(root: string, { file, line, raw }: ActionRecord, read: readonly ActionRecord[]): boolean {
  const isShared = read.filter((other) => other.file === file && other.line === line).length > 1;
  if (isShared) return JSON.stringify(raw).includes('größe');
  const bytes = readFileSync(join(root, file));
  const text = (
    file.endsWith('.gz') ? gunzipSync(bytes) : file.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes
  ).toString();
  return text.split('\n')[line - 1]!.includes('größe');
}
