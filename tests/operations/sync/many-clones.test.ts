import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { syncBook } from '../../../collector/operations/sync/sync-book.ts';
import { openVersions } from '../../../collector/operations/versions/book-versions.ts';
import { auditBook } from '../../../collector/store/audit.ts';
import { updateLatest } from '../../../collector/store/periodic-store.ts';
import { environment, filesBelow, filesOf, git, makeClones, write } from './clones.ts';

const runs = Number(process.env['SYNC_RUNS'] ?? 5);

/** One thing that happens in a clone. Names, ids and contents are few, so that clones choose the same ones. */
const step = fc.record({
  clone: fc.nat(4),
  what: fc.oneof(
    { weight: 3, arbitrary: fc.constant({ kind: 'sync' as const }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('file' as const),
        path: fc.constantFrom(
          'periodic_20260101_000000.json',
          'periodic_20260101_000000_2.json',
          'action_20260101_000000_000001.json',
          'action_log-2025-12.jsonl.gz',
          `blobs/${'ab'.repeat(32)}.json`,
          'notes.txt',
        ),
        content: fc.nat(3),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('line' as const),
        file: fc.constantFrom('action_log.jsonl', 'action_log-w1.jsonl', 'store/pruned.jsonl'),
        id: fc.nat(3),
        content: fc.nat(2),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('version' as const),
        name: fc.constantFrom('v1', 'v2'),
        content: fc.nat(2),
        isDelta: fc.boolean(),
      }),
    },
  ),
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function snapshotText(content: number): string {
  return `${JSON.stringify({
    snapshot_id: 'periodic_20260101_000000',
    snapshot_type: 'periodic',
    timestamp: '2026-01-01T00:00:00Z',
    system_state: { host: `host-${content}` },
  })}\n`;
}

const dataOf = (content: number) => ({ content, padding: 'x'.repeat(400) });

describe.each([undefined, 'daybook'])(
  'any number of clones, any order of syncs, to the branch %s',
  (branch) => {
    it('end with every record in every clone and on the remote, and come to rest', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 2, max: 5 }),
          fc.array(step, { minLength: 4, maxLength: 24 }),
          (count, steps) => check(count, steps, branch),
        ),
        { numRuns: runs },
      );
    }, 900_000);
  },
);

async function check(count: number, steps: Step[], branch: string | undefined): Promise<void> {
  const { bare, clones } = makeClones(count, branch);
  const start = git(bare, 'rev-parse', 'main');
  const contents = new Set<string>();
  const lines = new Map<string, Set<string>>();
  const versions = new Set<number>();
  for (const { clone, what } of steps) {
    const root = clones[clone % count]!;
    if (what.kind === 'sync') await syncBook(root);
    else if (what.kind === 'file') {
      const path = `snapshots/${what.path}`;
      // A record is written once; one that is there already keeps its content.
      if (filesBelowOrNone(root).has(path)) continue;
      write(root, path, snapshotText(what.content));
      contents.add(snapshotText(what.content));
      updateLatest(root);
    } else if (what.kind === 'line') {
      const line = JSON.stringify({
        snapshot_id: `periodic_${what.id}`,
        timestamp: '2026-01-01T00:00:00Z',
        n: what.content,
      });
      mkdirSync(join(root, 'snapshots/store'), { recursive: true });
      appendFileSync(join(root, 'snapshots', what.file), `${line}\n`);
      lines.set(what.file, (lines.get(what.file) ?? new Set()).add(line));
    } else if (await saveVersion(root, what)) versions.add(what.content);
  }
  // The first of a round does not see what the last one brings.
  for (let round = 0; round < 2; round++) for (const root of clones) await syncBook(root);
  for (const root of clones)
    expect(await syncBook(root)).toMatchObject({ commit: null, conflicts: [], received: 0 });
  if (branch !== undefined) expect(git(bare, 'rev-parse', 'main')).toBe(start);
  const remote = hasBranch(bare, branch ?? 'main') ? filesOf(bare, branch) : new Map();
  for (const root of clones) {
    const files = filesBelowOrNone(root);
    for (const content of contents) expect([...files.values()]).toContain(content);
    for (const [file, wanted] of lines) {
      const there = new Set(files.get(`snapshots/${file}`)?.trim().split('\n'));
      for (const line of wanted) expect(there).toContain(line);
    }
    expect(await readVersions(root)).toEqual([...versions].sort());
    expect(withoutOrder(files)).toEqual(withoutOrder(remote));
    expect(
      git(root, 'status', '--porcelain')
        .replaceAll(/^.. snapshots\/.*\.jsonl$/gm, '')
        .trim(),
    ).toBe('');
    const { findings } = await auditBook(root);
    const ours = findings.filter(({ file }) => !/blobs|action_|\.gz|pruned/.test(file));
    expect(ours).toEqual([]);
  }
}

function hasBranch(bare: string, branch: string): boolean {
  return git(bare, 'for-each-ref', `refs/heads/${branch}`) !== '';
}

function filesBelowOrNone(root: string): Map<string, string> {
  try {
    return filesBelow(root);
  } catch {
    return new Map();
  }
}

async function saveVersion(
  root: string,
  { name, content, isDelta }: { name: string; content: number; isDelta: boolean },
) {
  const manager = openVersions(root);
  try {
    if ((await manager.names()).includes(name)) return false;
    const options = { version: name, tags: [`t${content}`] };
    await (isDelta ? manager.saveDelta(dataOf(content), options) : manager.save(dataOf(content), options));
    return true;
  } finally {
    await manager.close();
  }
}

/** The contents of all versions, each once: one content may be there under several names. */
async function readVersions(root: string): Promise<number[]> {
  const manager = openVersions(root);
  try {
    const found = new Set<number>();
    for (const name of await manager.names())
      found.add(((await manager.get(name)).data as { content: number }).content);
    return [...found].sort();
  } finally {
    await manager.close();
  }
}

/** Logs may differ in the order of their lines, and in how often a clone wrote the same one. */
function withoutOrder(files: Map<string, string>): Map<string, string> {
  const linesOf = (text: string) => [...new Set(text.trim().split('\n'))].sort().join('\n');
  return new Map(
    [...files]
      .filter(([path]) => !/registry.journal/.test(path))
      .map(([path, text]) => [path, path.endsWith('.jsonl') ? linesOf(text) : text.trim()]),
  );
}

describe('clones as real processes', () => {
  it('four at once, with the same names and ids, lose nothing', async () => {
    const { bare, clones } = makeClones(4);
    const module = (path: string) => fileURLToPath(new URL(`../../../collector/${path}`, import.meta.url));
    const script = `
      import { appendFileSync } from 'node:fs';
      const { syncBook } = await import(process.argv[1]);
      const { writePeriodic } = await import(process.argv[2]);
      const [root, name] = process.argv.slice(3);
      for (let round = 0; round < 4; round++) {
        const atUs = Date.UTC(2026, 0, 1, 0, 0, round) * 1000;
        writePeriodic(root, { snapshot_type: 'periodic', timestamp: '2026-01-01T00:00:0' + round + 'Z', interval: 'x',
          system_state: { host: name } }, atUs);
        appendFileSync(root + '/snapshots/action_log.jsonl', JSON.stringify({ snapshot_id: 'a' + round, name }) + '\\n');
        await syncBook(root);
      }`;
    const modules = [module('operations/sync/sync-book.ts'), module('store/periodic-store.ts')];
    const start = (root: string, number: number) =>
      promisify(execFile)(
        process.execPath,
        ['--input-type=module', '-e', script, ...modules, root, `clone${number}`],
        { env: environment },
      );
    await Promise.all(clones.map(start));
    for (const root of [...clones, ...clones]) await syncBook(root);
    const hosts = (files: Map<string, string>) =>
      [...files].filter(([path]) => /\/periodic_/.test(path)).map(([, text]) => text.trim());
    const remote = hosts(filesOf(bare));
    expect(new Set(remote).size).toBe(16);
    expect(remote).toHaveLength(16);
    expect(new Set(filesOf(bare).get('snapshots/action_log.jsonl')!.trim().split('\n')).size).toBe(16);
    for (const root of clones) expect(hosts(filesBelow(root)).sort()).toEqual(remote.sort());
  });
});
