import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cyclesAmong, type Import, importsOf } from '../scripts/house-imports.ts';
import { canWrite } from './can-write.ts';

const root = resolve(import.meta.dirname, '..');

/** Which rooms of the house a room may look into; `import type` obeys the same rules. */
const mayImport: Record<string, readonly string[]> = {
  'collector/base': [],
  'collector/formats': ['collector/base'],
  'collector/runs': ['collector/base', 'collector/formats'],
  'collector/documents': ['collector/base', 'collector/formats', 'collector/runs'],
  'collector/trends': ['collector/base', 'collector/formats', 'collector/runs'],
  'collector/store': ['collector/base', 'collector/formats', 'collector/runs'],
  'collector/probes': ['collector/base', 'collector/formats'],
  'collector/operations': [
    'collector/base',
    'collector/formats',
    'collector/runs',
    'collector/documents',
    'collector/trends',
    'collector/store',
    'collector/probes',
  ],
  'collector/cli': [
    'collector/base',
    'collector/documents',
    'collector/formats',
    'collector/runs',
    'collector/trends',
    'collector/operations',
    'collector/store',
  ],
  'collector/cli.ts': ['collector/base', 'collector/cli', 'collector/github-action'],
  'collector/github-action': ['collector/base', 'collector/cli'],
  'collector/read.ts': [
    'collector/base',
    'collector/formats',
    'collector/runs',
    'collector/trends',
    'collector/store',
  ],
  'collector/index.ts': [
    'collector/base',
    'collector/formats',
    'collector/runs',
    'collector/operations',
    'collector/store',
  ],
  'src/charts': [],
  'src/data': ['src/charts'],
  'src/parts': ['src/charts', 'src/data'],
  'src/client': ['src/charts', 'src/data', 'src/parts'],
  'src/layouts': ['src/data', 'src/parts'],
  'src/pages': ['src/layouts', 'src/data', 'src/parts'],
  'src/build': ['src/data'],
  'src/build.ts': ['src/build', 'src/data'],
};

/** The only doors of the site to the collector: the read side for Node, pure leaves for the browser, and what only a build looks for. */
const doors: Record<string, readonly string[]> = {
  'src/data/reader.ts': ['collector/read.ts'],
  // A thread of the build, which reads lines and nothing else.
  'src/data/actions/shard-worker.ts': ['collector/store/blobs.ts', 'collector/store/lines-at.ts'],
  'src/data/browser.ts': ['collector/base', 'collector/formats', 'collector/runs'],
  'src/data/secret-shapes.ts': ['collector/base/secrets'],
};

/** What writes files outside of collector/store, and why it may. */
const writersElsewhere: Readonly<Record<string, string>> = {
  'collector/base/atomic-file.ts': 'the tool itself',
  'collector/base/system-error.ts': 'finds out whether a disk is full by trying',
  'collector/base/work-folder.ts': 'folders in the temporary folder of the system',
  'collector/cli/commands/ci.ts': 'the page of a run, which GitHub names',
  'collector/github-action/workflow-commands.ts': 'outputs of a step, which GitHub names',
  'collector/cli/commands/store-get.ts': 'a file that the user names',
  'collector/cli/standard-streams.ts': 'standard output',
  'collector/operations/init.ts': 'sets up what a book needs that is no record: templates',
  'collector/operations/query/database.ts': 'removes the folder of its database',
  'collector/operations/documents/crate-folder.ts': 'a folder that the user names',
  'collector/operations/documents/mlflow-folder.ts': 'the same',
  'collector/operations/documents/new-folder.ts': 'the same',
  'collector/operations/text-file.ts': 'a file that the user names',
  'collector/operations/query/export.ts': 'the same',
  'collector/operations/redact/redact.ts': 'takes out of all files at once what slipped in',
  'collector/operations/redact/redact-log.ts': 'the same',
  'collector/operations/redact/redact-snapshot.ts': 'the same',
  'collector/operations/sync/apply-merge.ts': 'puts files of the remote into the work tree, as git would',
  'collector/operations/sync/branch/move.ts':
    'says in daybook.yaml and .gitignore where the book lies from then on',
  'collector/operations/sync/branch/standing.ts': 'excludes of this clone',
  'collector/operations/sync/commit.ts': 'removes its private index of git',
  'collector/operations/sync/leftovers.ts': 'removes private indexes of processes that ended',
  'collector/operations/sync/queue.ts': 'the same as apply-merge.ts, for what waits in the queue',
  'collector/operations/sync/runs/join-context.ts': 'the same as apply-merge.ts, for files of runs',
  'collector/operations/sync/runs/join-whole-file.ts': 'the same',
  'collector/operations/sync/runs/memory.ts':
    'what this clone knows of its files of runs, in the folder of git',
  'collector/operations/sync/writers/state.ts': 'how far this clone has pushed, in the folder of git',
  'collector/operations/versions/export.ts': 'a file that the user names',
};

/** Pure leaves that every room may use: how numbers, sizes, durations and times are written, for terminal and page alike. */
const shared: readonly string[] = ['collector/base/format'];

/** What runs in browsers must not reach for Node. */
const browserRooms = ['src/client', 'src/charts', 'src/parts'];

const files = globSync(['collector/**/*.ts', 'src/**/*.{ts,tsx,astro}'], { cwd: root }).map((path) =>
  path.replaceAll('\\', '/'),
);
const imports = files.flatMap((from) => importsOf(from, codeOf(from)).map((one) => ({ from, ...one })));

describe('the house', () => {
  it('has files to look at', () => {
    expect(files.length).toBeGreaterThan(80);
    expect(imports.length).toBeGreaterThan(200);
  });

  it('lets every room import only from the rooms below it', () => {
    expect(imports.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('has no cycles', () => {
    expect(cyclesAmong(new Map(files.map((file) => [file, importsOf(file, codeOf(file))])))).toEqual([]);
  });

  it('keeps Node and heavy packages out of the browser', () => {
    const reached = reachableFrom(files.filter((file) => browserRooms.some((room) => file.startsWith(room))));
    const offenders = [...reached].filter((file) => /from '(node:|zod|yaml|@duckdb)/.test(codeOf(file)));
    expect(offenders).toEqual([]);
  });

  it('writes files only from collector/store, and from the few places that say why', () => {
    const writers = files.filter(
      (file) =>
        file.startsWith('collector/') && !file.startsWith('collector/store/') && canWrite(codeOf(file)),
    );
    expect(writers.sort()).toEqual(Object.keys(writersElsewhere).sort());
  });

  it.each([
    "import { readFileSync, writeFileSync } from 'node:fs';",
    "import {\n  type Stats,\n  rmSync as remove,\n} from 'node:fs';",
    "import { rename } from 'node:fs/promises';",
    "import * as fs from 'node:fs';",
    "import fs from 'fs';",
    "const { appendFile } = await import('node:fs/promises');",
    "import { writeFileAtomic } from '../base/atomic-file.ts';",
  ])('takes this for one that writes: %s', (code) => {
    expect(canWrite(code)).toBe(true);
  });

  it.each([
    "import { type Dirent, existsSync, openSync, readFileSync } from 'node:fs';",
    "import { readFile } from 'node:fs/promises';",
    "import { writeAction } from '../store/action-writer.ts';",
  ])('takes this for one that does not: %s', (code) => {
    expect(canWrite(code)).toBe(false);
  });
});

describe('cycles', () => {
  it('are seen where only types go round', () => {
    const type = (to: string) => [{ to, isType: true }];
    const imports = new Map([
      ['a.ts', type('b.ts')],
      ['b.ts', type('c.ts')],
      ['c.ts', type('a.ts')],
      ['d.ts', type('a.ts')],
    ]);
    expect(cyclesAmong(imports)).toEqual([['a.ts', 'b.ts', 'c.ts']]);
  });
});

function isAllowed({ from, to, isType }: Import & { from: string }): boolean {
  const room = roomOf(from);
  if (room === roomOf(to) || to.startsWith(`${room}/`)) return true;
  if (shared.some((leaf) => to.startsWith(`${leaf}/`))) return true;
  const door = doors[from];
  if (door?.some((allowed) => to === allowed || to.startsWith(`${allowed}/`))) return true;
  if (isType && room === 'src/data' && to.startsWith('collector/')) return true;
  return (mayImport[room] ?? []).some((allowed) => to === allowed || to.startsWith(`${allowed}/`));
}

/** "collector/base/json/json.ts" -> "collector/base"; files directly below collector/ and src/ are rooms of their own. */
function roomOf(file: string): string {
  const [house, room, ...rest] = file.split('/');
  return rest.length === 0 ? file : `${house}/${room}`;
}

function codeOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function reachableFrom(starts: string[]): Set<string> {
  const reached = new Set(starts);
  for (const file of reached) {
    for (const one of imports)
      if (one.from === file && !one.isType && files.includes(one.to)) reached.add(one.to);
  }
  return reached;
}
