import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as collector from '../../../collector/read.ts';
import { archiveSnapshots } from '../../../collector/store/segments/archive-snapshots.ts';
import { loadBook } from '../../../src/data/book/load.ts';
import { forgetSums } from '../../../src/data/publish/file-sums.ts';
import { comparePageFacts } from '../../../src/data/snapshots/compare.ts';
import { snapshotsView } from '../../../src/data/snapshots/list.ts';
import { snapshotPageFacts, snapshotPageKey } from '../../../src/data/snapshots/page.ts';
import { timeTravelView } from '../../../src/data/snapshots/time-travel.ts';
import { temporaryFolder } from '../../helpers.ts';
import { amount } from '../../long.ts';

const snapshotSizes = { leastInChunk: 3, mostInChunk: 6, leastInPart: 9, mostInPart: 20 };

/** What one build makes of a book: every data file of the snapshots and fields, the api, what pages say; and which files were read. */
async function built(root: string, version = 'test') {
  const read: string[] = [];
  const reads: typeof collector = {
    ...collector,
    passPeriodic: (from, lookUp, visit, report) =>
      collector.passPeriodic(
        from,
        (id, file) => {
          const known = lookUp(id, file);
          if (known === undefined) read.push(id);
          return known;
        },
        visit,
        report,
      ),
  };
  const loaded = await loadBook(root, reads, {
    nowUs: 1,
    version,
    progress: () => {},
    snapshotSizes,
  });
  const { book } = loaded;
  expect(book.troubles).toEqual([]);
  const keys = book.pageIds.map((id) => snapshotPageKey(book, id));
  const site = temporaryFolder();
  loaded.publish(site);
  const files = Object.fromEntries(
    ['data/snapshots', 'data/fields', 'api'].flatMap((folder) =>
      readdirSync(join(site, folder), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => [`${folder}/${name}`, readFileSync(join(site, folder, name), 'latin1')]),
    ),
  );
  const points = book.snapshots.map(({ atUs, health, changes }) => ({ atUs, health, changes }));
  const said = {
    keys,
    pages: book.pageIds.map((id) => snapshotPageFacts(book, id)),
    list: snapshotsView(book),
    compare: comparePageFacts(book),
    travel: timeTravelView(book, points, [], { marks: 56, actions: 24 }),
    findings: book.findings,
    files: book.files,
  };
  rmSync(site, { recursive: true });
  return { files, said, read };
}

/** The same book built where nothing is kept. */
async function builtAfresh(root: string): ReturnType<typeof built> {
  const fresh = temporaryFolder();
  cpSync(root, fresh, { recursive: true, filter: (name) => !name.includes('.daybook') });
  return built(fresh);
}

const idOf = (minute: number) =>
  `periodic_${new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '_')}`;

interface Sample {
  minute: number;
  number: number;
}

function textOf({ minute, number }: Sample): string {
  const timestamp = new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString();
  return JSON.stringify({
    snapshot_id: idOf(minute),
    snapshot_type: 'periodic',
    timestamp,
    system_state: {
      timestamp,
      health: number % 11 === 0 ? 'degraded' : 'operational',
      ...(number % 11 === 0 ? { health_reasons: ['disk'] } : {}),
    },
    load: { one: number % 7, exact: number % 5 === 0 ? 1.5 : 2, ...(number % 3 === 0 ? { gone: true } : {}) },
    modules: Array.from({ length: number % 4 }, (_, at) => ({ name: `m${at}`, latency: (number * at) % 13 })),
    ...(number % 13 === 0 ? { [`once_${number % 26}`]: { of: number } } : {}),
  });
}

const sample = fc.record({
  minute: fc.integer({ min: 0, max: 900 }),
  number: fc.integer({ min: 0, max: 60 }),
});
const some = (max: number) => fc.array(sample, { minLength: 1, maxLength: max });
const step = fc.oneof(
  // At the end, as they come.
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('next' as const),
      numbers: fc.array(fc.nat(60), { minLength: 1, maxLength: 9 }),
    }),
  },
  // Late ones anywhere, and others in the place of what was there.
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('write' as const), samples: some(3) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('remove' as const),
      at: fc.array(fc.nat(500), { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('prune' as const), every: fc.integer({ min: 2, max: 5 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('tear' as const), at: fc.nat(500), bytes: fc.nat(300) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mend' as const) }) },
  // The time says another place than the name.
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('retime' as const),
      at: fc.nat(500),
      minute: fc.integer({ min: 0, max: 900 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('touch' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('archive' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut cache' as const), at: fc.nat(500) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

const namesIn = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('periodic_'));

async function apply(root: string, one: Step): Promise<void> {
  const folder = join(root, 'snapshots');
  const names = namesIn(folder);
  const put = (each: Sample) => writeFileSync(join(folder, `${idOf(each.minute)}.json`), textOf(each));
  if (one.kind === 'next') {
    const last = names.map((name) => /_(\d{8})_(\d\d)(\d\d)/.exec(name)!).at(-1);
    const [day, hour, minute] = last?.slice(1).map(Number) ?? [20260101, 0, 0];
    const from = ((day! - 20260101) * 24 + hour!) * 60 + minute!;
    for (const [at, number] of one.numbers.entries()) put({ minute: from + 1 + at * 7, number });
  } else if (one.kind === 'write') one.samples.forEach(put);
  else if (one.kind === 'remove')
    for (const at of one.at) rmSync(join(folder, names[at % names.length] ?? 'none'), { force: true });
  else if (one.kind === 'prune') {
    mkdirSync(join(folder, 'store'), { recursive: true });
    for (const [at, name] of names.entries()) if (at % one.every === 0) rmSync(join(folder, name));
  } else if (one.kind === 'tear' && names.length > 0) {
    const path = join(folder, names[one.at % names.length]!);
    writeFileSync(path, readFileSync(path).subarray(0, one.bytes));
  } else if (one.kind === 'retime' && names.length > 0) {
    const path = join(folder, names[one.at % names.length]!);
    writeFileSync(path, textOf({ minute: one.minute, number: one.at % 60 }));
  } else if (one.kind === 'mend') {
    for (const name of names)
      if (!readFileSync(join(folder, name), 'utf8').endsWith('}')) rmSync(join(folder, name));
  } else if (one.kind === 'touch') {
    for (const name of names) utimesSync(join(folder, name), new Date(5000), new Date(6000));
  } else if (one.kind === 'archive') await archiveSnapshots(root, { beforeUs: Number.MAX_SAFE_INTEGER });
  else if (one.kind === 'cut cache') cutCache(root, one.at);
  else if (one.kind === 'forget') forgetSums();
}

/** One file of what is kept loses its end, or goes. */
function cutCache(root: string, at: number): void {
  const home = join(root, '.daybook', 'cache', 'snapshots');
  if (!existsSync(home)) return;
  const files = readdirSync(home, { recursive: true })
    .map((name) => join(home, String(name)))
    .filter((path) => statSync(path).isFile());
  const path = files[at % files.length]!;
  if (at % 2 === 0) rmSync(path);
  else writeFileSync(path, readFileSync(path).subarray(0, at));
}

function emptyBook(): string {
  const root = temporaryFolder();
  mkdirSync(join(root, 'snapshots'));
  writeFileSync(join(root, 'daybook.yaml'), 'title: Kept\n');
  return root;
}

describe('a build that goes on from the one before', () => {
  it(
    'comes to what a build that knows nothing comes to, byte for byte, whatever happened to the snapshots',
    async () => {
      await fc.assert(
        fc.asyncProperty(some(60), fc.array(step, { minLength: 1, maxLength: 6 }), async (first, steps) => {
          const root = emptyBook();
          await apply(root, { kind: 'write', samples: first });
          await built(root);
          for (const one of steps) {
            await apply(root, one);
            const { read: _, ...now } = await built(root);
            const { read: __, ...fresh } = await builtAfresh(root);
            expect(now.files, one.kind).toEqual(fresh.files);
            expect(now.said, one.kind).toEqual(fresh.said);
          }
          rmSync(root, { recursive: true });
        }),
        { numRuns: amount(3, 150) },
      );
    },
    amount(120_000, 1_800_000),
  );

  it('reads files that came or changed, and no others', async () => {
    const root = emptyBook();
    const samples = Array.from({ length: 70 }, (_, at) => ({ minute: at * 10, number: at }));
    await apply(root, { kind: 'write', samples });
    expect((await built(root)).read).toHaveLength(70);
    expect((await built(root)).read).toEqual([]);
    await apply(root, { kind: 'next', numbers: [1, 2] });
    expect((await built(root)).read).toEqual([idOf(691), idOf(698)]);
    // Late, and another content.
    await apply(root, {
      kind: 'write',
      samples: [
        { minute: 55, number: 9 },
        { minute: 300, number: 9 },
      ],
    });
    expect((await built(root)).read).toEqual([idOf(55), idOf(300)]);
    await apply(root, { kind: 'prune', every: 2 });
    expect((await built(root)).read).toEqual([]);
    const [torn] = namesIn(join(root, 'snapshots'));
    await apply(root, { kind: 'tear', at: 0, bytes: 20 });
    expect((await built(root)).read).toEqual([torn!.slice(0, -'.json'.length)]);
    await apply(root, { kind: 'next', numbers: [1] });
    expect((await built(root)).read).toHaveLength(1);
    await apply(root, { kind: 'touch' });
    forgetSums();
    expect((await built(root)).read).toEqual([]);
    expect((await built(root, 'another')).read.length).toBeGreaterThan(30);
  });

  it('leaves the files of closed parts and chunks what they are', async () => {
    const root = emptyBook();
    const samples = Array.from({ length: 70 }, (_, at) => ({ minute: at * 10, number: at }));
    await apply(root, { kind: 'write', samples });
    const before = (await built(root)).files;
    await apply(root, { kind: 'next', numbers: [1] });
    const after = (await built(root)).files;
    const gone = (kind: string) =>
      Object.keys(before).filter(
        (name) => name.includes(kind) && name.endsWith('.gz') && after[name] === undefined,
      );
    expect(gone('/chunk-').length).toBeLessThanOrEqual(1);
    // A file for each section of the state.
    expect(gone('/values-').length).toBeLessThanOrEqual(6);
    expect(Object.keys(before).filter((name) => /chunk-.*gz/.test(name)).length).toBeGreaterThan(10);
  });
});
