import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { serializeAction } from '../../../collector/formats/actions/action.ts';
import * as collector from '../../../collector/read.ts';
import type { ActionSizes } from '../../../src/data/actions/publish.ts';
import { loadBook } from '../../../src/data/book/load.ts';
import { forgetSums } from '../../../src/data/publish/file-sums.ts';
import { temporaryFolder } from '../../helpers.ts';
import { amount } from '../../long.ts';

const sizes = { shardRows: 24, leastRows: 8, openRows: 8, groupRows: 8 };
const effects = { nowUs: 1, version: 'test', progress: () => {} };

/** What one build makes of a book: every data file of the actions, and what pages and api say of them. */
async function built(
  root: string,
  actionSizes: ActionSizes = sizes,
): Promise<{ files: Record<string, string>; said: unknown; kept: number }> {
  const before = shardInodes(root);
  const loaded = await loadBook(root, collector, { ...effects, actionSizes });
  const site = temporaryFolder();
  loaded.publish(site);
  const folder = join(site, 'data', 'actions');
  const files = Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'base64')]),
  );
  const { actions, findings, files: sources } = loaded.book;
  const kept = [...shardInodes(root)].filter((name) => before.has(name)).length;
  expect(loaded.book.troubles).toEqual([]);
  return { files, said: { actions, findings, sources }, kept };
}

function shardInodes(root: string): Set<string> {
  const home = join(root, '.daybook', 'cache', 'actions');
  try {
    return new Set(
      readdirSync(home, { recursive: true })
        .map((name) => String(name).split('/').at(-1)!)
        .filter((name) => /^details-\d{4}-.*\.parquet$/.test(name)),
    );
  } catch {
    return new Set();
  }
}

/** The same book built where nothing is kept. */
async function builtAfresh(root: string, actionSizes: ActionSizes = sizes): ReturnType<typeof built> {
  const fresh = temporaryFolder();
  mkdirSync(join(fresh, 'snapshots'), { recursive: true });
  for (const name of readdirSync(join(root, 'snapshots')))
    writeFileSync(join(fresh, 'snapshots', name), readFileSync(join(root, 'snapshots', name)));
  return built(fresh, actionSizes);
}

interface SampleLine {
  minute: number;
  number: number;
  id: number | undefined;
  status: string;
  foreign: boolean;
}

function lineOf({ minute, number, id, status, foreign }: SampleLine): Buffer {
  const at = new Date(Date.UTC(2026, 0, 1) + minute * 60_000 + (number % 7) * 1000).toISOString();
  const action = {
    type: ['build', 'train', 'sync'][number % 3]!,
    status,
    started_at: at,
    details: { number, text: 'x'.repeat(number % 40) },
    ...(id === undefined ? {} : { id: `act-${id}` }),
  };
  const head = {
    snapshot_id: foreign
      ? `action_${minute}`
      : `action_20260101_000000_000000_${number.toString(16).padStart(6, '0')}`,
    snapshot_type: 'action' as const,
    timestamp: at,
  };
  return foreign
    ? Buffer.from(`${JSON.stringify({ ...head, action })}\n`)
    : serializeAction({ ...head, metadata: { generated_by: 'daybook', version: '0' }, action });
}

const sampleLine = fc.record({
  minute: fc.integer({ min: 0, max: 4000 }),
  number: fc.integer({ min: 0, max: 5000 }),
  id: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined, freq: 3 }),
  status: fc.constantFrom('completed', 'executing', 'failed', 'promoted'),
  foreign: fc.boolean(),
});

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      lines: fc.array(sampleLine, { minLength: 1, maxLength: 12 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      lines: fc.array(sampleLine, { minLength: 60, maxLength: 120 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(500) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: fc.nat(30_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rewrite' as const), at: fc.nat(500) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('torn' as const), line: sampleLine }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('segment' as const),
      lines: fc.array(sampleLine, { maxLength: 20 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('archive' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

let segments = 0;

function apply(root: string, one: Step): void {
  const folder = join(root, 'snapshots');
  const log = join(folder, 'action_log.jsonl');
  const lines = readFileSync(log, 'latin1').split('\n').slice(0, -1);
  if (one.kind === 'append') appendFileSync(log, Buffer.concat(one.lines.map(lineOf)));
  else if (one.kind === 'repeat')
    appendFileSync(log, Buffer.from(`${lines[one.at % lines.length] ?? ''}\n`, 'latin1'));
  else if (one.kind === 'cut') writeFileSync(log, readFileSync(log).subarray(0, one.at));
  else if (one.kind === 'torn') appendFileSync(log, lineOf(one.line).subarray(0, 60));
  else if (one.kind === 'rewrite') {
    // In place, with one line more and another one changed: nothing but its bytes tells.
    const changed = lines.map((line, at) =>
      at === one.at % lines.length ? line.replace('build', 'built') : line,
    );
    writeFileSync(log, Buffer.from(`${[...changed, ...changed.slice(0, 1)].join('\n')}\n`, 'latin1'));
  } else if (one.kind === 'segment') {
    segments += 1;
    writeFileSync(join(folder, `action_log-${segments}.jsonl`), Buffer.concat(one.lines.map(lineOf)));
  } else if (one.kind === 'archive') {
    segments += 1;
    renameSync(log, join(folder, `action_log-${segments}.jsonl`));
    writeFileSync(log, '');
  } else forgetSums();
}

function bookWith(lines: readonly SampleLine[]): string {
  const root = temporaryFolder();
  mkdirSync(join(root, 'snapshots'));
  writeFileSync(join(root, 'snapshots', 'action_log.jsonl'), Buffer.concat(lines.map(lineOf)));
  return root;
}

const inOrder = (count: number): SampleLine[] =>
  Array.from({ length: count }, (_, at) => ({
    minute: at,
    number: at,
    id: at % 9 === 0 ? at : undefined,
    status: 'executing',
    foreign: at % 3 === 0,
  }));

describe('a build that goes on from an earlier one', () => {
  it('comes to the same as one that begins anew, whatever happened to the log in between', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(sampleLine, { minLength: 1, maxLength: 150 }),
        fc.array(step, { minLength: 1, maxLength: 5 }),
        async (lines, steps) => {
          const root = bookWith(lines);
          await built(root);
          for (const one of steps) {
            apply(root, one);
            const { kept: _, ...now } = await built(root);
            const { kept: __, ...afresh } = await builtAfresh(root);
            expect(now).toEqual(afresh);
          }
        },
      ),
      { numRuns: amount(5, 200) },
    );
  });

  it('writes the shard in which a line belongs, and no other', async () => {
    const root = bookWith(inOrder(300));
    await built(root);
    const shards = shardInodes(root).size;
    expect(shards).toBeGreaterThan(10);
    const log = join(root, 'snapshots', 'action_log.jsonl');
    appendFileSync(
      log,
      lineOf({ minute: 9000, number: 4000, id: undefined, status: 'completed', foreign: false }),
    );
    expect((await built(root)).kept).toBe(shards - 1);
    // The end of an action that began long ago.
    appendFileSync(log, lineOf({ minute: 9001, number: 4001, id: 90, status: 'completed', foreign: false }));
    expect((await built(root)).kept).toBe(shards - 1);
    const { kept: _, ...now } = await built(root);
    const { kept: __, ...afresh } = await builtAfresh(root);
    expect(now).toEqual(afresh);
  });

  it('writes no other shard either where the whole log is read again', async () => {
    const root = bookWith(inOrder(300));
    await built(root);
    const shards = shardInodes(root).size;
    // What another writer recorded comes by a merge, and a writer is stopped within a line.
    const late = { minute: 150, number: 4002, id: undefined, status: 'completed', foreign: false };
    writeFileSync(join(root, 'snapshots', 'action_log-gpu.jsonl'), lineOf(late));
    expect((await built(root)).kept).toBe(shards - 1);
    appendFileSync(join(root, 'snapshots', 'action_log.jsonl'), lineOf(late).subarray(0, 60));
    expect((await built(root)).kept).toBe(shards);
    const { kept: _, ...now } = await built(root);
    const { kept: __, ...afresh } = await builtAfresh(root);
    expect(now).toEqual(afresh);
  });

  it('writes in threads, and ahead of the end of the log, what it writes otherwise', async () => {
    const root = bookWith(inOrder(900));
    const log = join(root, 'snapshots', 'action_log.jsonl');
    // Ends and lines that come so late that shards which were written ahead are others in the end.
    for (const number of [0, 9, 450])
      appendFileSync(log, lineOf({ minute: 9000, number, id: number, status: 'completed', foreign: false }));
    for (const minute of [3, 200, 700])
      appendFileSync(log, lineOf({ minute, number: 4000, id: undefined, status: 'failed', foreign: true }));
    const { kept: _, ...threaded } = await builtAfresh(root, { ...sizes, threadedRows: 40 });
    const { kept: __, ...here } = await builtAfresh(root);
    expect(Object.keys(here.files).length).toBeGreaterThan(100);
    expect(threaded).toEqual(here);
  });

  it('begins anew where what was kept is damaged, gone, or that of another build', async () => {
    const root = bookWith(inOrder(60));
    const home = join(root, '.daybook', 'cache', 'actions');
    const kept = (name: string) =>
      readdirSync(home, { recursive: true })
        .map((each) => join(home, String(each)))
        .find((each) => each.endsWith(name))!;
    const log = join(root, 'snapshots', 'action_log.jsonl');
    const damages: (() => (() => void) | undefined)[] = [
      () => void writeFileSync(kept('lines-00000.bin'), 'no lines'),
      () => void rmSync(kept('line-names.json')),
      () => void writeFileSync(kept('seen-lines.bin'), readFileSync(kept('seen-lines.bin')).subarray(0, 16)),
      () => {
        const older = readFileSync(kept('lines-00000.bin'));
        return () => writeFileSync(kept('lines-00000.bin'), older);
      },
    ];
    await built(root);
    for (const [at, damage] of damages.entries()) {
      const later = damage();
      appendFileSync(
        log,
        lineOf({ minute: 9000 + at, number: 4000 + at, id: undefined, status: 'failed', foreign: true }),
      );
      if (later !== undefined) {
        await built(root);
        later();
        appendFileSync(log, lineOf({ minute: 9900, number: 4900, id: 5, status: 'failed', foreign: true }));
      }
      const { kept: _, ...now } = await built(root);
      const { kept: __, ...afresh } = await builtAfresh(root);
      expect(now).toEqual(afresh);
    }
  });
});

afterAll(() => forgetSums());
