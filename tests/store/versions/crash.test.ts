import fs, { cpSync, globSync, mkdirSync, utimesSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../collector/base/clock.ts';
import type { JsonValue } from '../../../collector/base/json/json.ts';
import { repairBook } from '../../../collector/operations/health/repair.ts';
import { type BookVersions, openVersions } from '../../../collector/operations/versions/book-versions.ts';
import { auditBook } from '../../../collector/store/audit.ts';
import { temporaryBook } from '../../helpers.ts';
import { document } from './sample-document.ts';

const changing = ['openSync', 'writeSync', 'renameSync', 'rmSync', 'mkdirSync', 'fsyncSync'] as const;
const real = Object.fromEntries(changing.map((name) => [name, fs[name]])) as unknown as typeof fs;

/** From the nth change on nothing reaches the disk any more, as if the process had been killed there. */
function dieAt(
  n: number,
  names: readonly (typeof changing)[number][],
  code: string,
): { reached: () => boolean } {
  let count = 0;
  for (const name of names) {
    const original = real[name] as (...given: unknown[]) => unknown;
    (fs as unknown as Record<string, unknown>)[name] = (...given: unknown[]) => {
      const isReading = name === 'openSync' && (given[1] === 'r' || given[1] === undefined);
      if (!isReading && ++count >= n)
        throw Object.assign(new Error(`${code}: stopped here, ${name}`), { code });
      return original(...given);
    };
  }
  syncBuiltinESMExports();
  return { reached: () => count >= n };
}

function live(): void {
  Object.assign(fs, real);
  syncBuiltinESMExports();
}

/** A store with chains, two direct dependants of one base, tags, and a folded registry; what each version holds. */
let template = '';
let bundle = '';
const contents = new Map<string, JsonValue>();

beforeAll(async () => {
  template = fs.mkdtempSync(join(tmpdir(), 'daybook-crash-'));
  mkdirSync(join(template, 'snapshots'));
  const versions = openVersions(template);
  for (let n = 0; n < 5; n++) {
    await versions.saveDelta(document(n), { version: `d${n}` });
    contents.set(`d${n}`, document(n));
  }
  await versions.saveDelta(document(9), { version: 'e', base: 'd0' });
  contents.set('e', document(9));
  await versions.tag('d3', ['keep']);
  const other = openVersions(template, { store: join(template, 'other') });
  for (const name of ['x', 'y']) await other.save({ name }, { version: name });
  bundle = join(template, 'bundle.tgz');
  await other.export(['x', 'y'], bundle);
  await Promise.all([versions.close(), other.close()]);
});

afterEach(live);
afterAll(() => fs.rmSync(template, { recursive: true, force: true }));

interface Case {
  name: string;
  run(versions: BookVersions): Promise<unknown>;
  /** Versions that may have come or gone, with what they hold. */
  may: Record<string, JsonValue>;
}

const cases: Case[] = [
  {
    name: 'save',
    run: (versions) => versions.save({ new: 1 }, { version: 'new' }),
    may: { new: { new: 1 } },
  },
  {
    name: 'delta',
    run: (versions) => versions.saveDelta(document(6), { version: 'new', base: 'd4' }),
    may: { new: document(6) },
  },
  { name: 'tag', run: (versions) => versions.tag('d2', ['t']), may: {} },
  { name: 'delete a base of two', run: (versions) => versions.delete('d0'), may: { d0: document(0) } },
  { name: 'delete in the middle', run: (versions) => versions.delete('d2'), may: { d2: document(2) } },
  {
    name: 'prune',
    run: (versions) => versions.prune({ count: 2 }),
    may: { d0: document(0), d1: document(1), d2: document(2), d3: document(3), d4: document(4) },
  },
  { name: 'import', run: (versions) => versions.import(bundle), may: { x: { name: 'x' }, y: { name: 'y' } } },
  {
    name: 'limit',
    run: (versions) => versions.save({ new: 1 }, { version: 'new' }),
    may: { new: { new: 1 }, d0: document(0), d1: document(1) },
  },
];

describe.each<[string, readonly (typeof changing)[number][], string]>([
  ['killed', changing, 'EKILLED'],
  ['out of disk', ['writeSync', 'mkdirSync'], 'ENOSPC'],
])('%s at every change of', (_, names, code) => {
  it.each(cases)(
    '$name: every version is wholly there or wholly not',
    async ({ name, run, may }) => {
      for (let n = 1; ; n++) {
        const root = temporaryBook();
        cpSync(join(template, 'snapshots'), join(root, 'snapshots'), {
          recursive: true,
          preserveTimestamps: true,
        });
        const versions = openVersions(root, { maxSnapshots: name === 'limit' ? 5 : 0 });
        const death = dieAt(n, names, code);
        const failed = await run(versions).then(
          () => false,
          () => true,
        );
        const reached = death.reached();
        live();
        await check(root, may);
        if (!reached) {
          expect(failed).toBe(false);
          expect(n).toBeGreaterThan(2);
          break;
        }
      }
    },
    60_000,
  );
});

async function check(root: string, may: Record<string, JsonValue>): Promise<void> {
  const versions = openVersions(root);
  const there = await versions.names();
  for (const [version, data] of contents) {
    if (version in may) continue;
    expect(there).toContain(version);
    expect((await versions.get(version)).data).toEqual(data);
  }
  for (const [version, data] of Object.entries(may))
    if (there.includes(version)) expect((await versions.get(version)).data).toEqual(data);
  if (there.includes('d3')) expect((await versions.get('d3')).metadata.tags).toContain('keep');
  expect(there.filter((version) => !contents.has(version) && !(version in may))).toEqual([]);
  await versions.close();
  // What was left is a minute old when doctor comes.
  const then = Date.now() / 1000 - 60;
  for (const path of globSync('snapshots/store/**/*', { cwd: root }))
    utimesSync(join(root, path), then, then);
  await repairBook(root, systemClock);
  expect((await auditBook(root)).findings).toEqual([]);
  const after = openVersions(root);
  expect((await after.names()).toSorted()).toEqual(there.toSorted());
  for (const version of there)
    expect((await after.get(version)).data).toEqual(version in may ? may[version] : contents.get(version));
}
