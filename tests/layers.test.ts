import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Which rooms of the house a room may look into; `import type` obeys the same rules. */
const mayImport: Record<string, readonly string[]> = {
  'collector/base': [],
  'collector/formats': ['collector/base'],
  'collector/runs': ['collector/base', 'collector/formats'],
  'collector/store': ['collector/base', 'collector/formats', 'collector/runs'],
  'collector/probes': ['collector/base', 'collector/formats'],
  'collector/operations': [
    'collector/base',
    'collector/formats',
    'collector/runs',
    'collector/store',
    'collector/probes',
  ],
  'collector/cli': [
    'collector/base',
    'collector/formats',
    'collector/runs',
    'collector/operations',
    'collector/store',
  ],
  'collector/cli.ts': ['collector/base', 'collector/cli'],
  'collector/read.ts': ['collector/base', 'collector/formats', 'collector/runs', 'collector/store'],
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
  'src/components': ['src/charts', 'src/data', 'src/parts'],
  'src/layouts': ['src/components', 'src/charts', 'src/data'],
  'src/pages': ['src/layouts', 'src/components', 'src/charts', 'src/data', 'src/parts'],
  'src/build': ['src/data'],
  'src/build.ts': ['src/build', 'src/data'],
};

/** The only doors of the site to the collector: the read side for Node, and pure leaves for the browser. */
const doors: Record<string, readonly string[]> = {
  'src/data/reader.ts': ['collector/read.ts'],
  'src/data/browser.ts': ['collector/base', 'collector/formats', 'collector/runs'],
};

/** Pure leaves that every room may use: how numbers, sizes, durations and times are written, for terminal and page alike. */
const shared: readonly string[] = ['collector/base/format'];

/** What runs in browsers must not reach for Node. */
const browserRooms = ['src/client', 'src/charts', 'src/parts'];

interface Import {
  from: string;
  to: string;
  isType: boolean;
}

const files = globSync(['collector/**/*.ts', 'src/**/*.{ts,astro}'], { cwd: root }).map((path) =>
  path.replaceAll('\\', '/'),
);
const imports = files.flatMap(importsOf);

describe('the house', () => {
  it('has files to look at', () => {
    expect(files.length).toBeGreaterThan(80);
    expect(imports.length).toBeGreaterThan(200);
  });

  it('lets every room import only from the rooms below it', () => {
    expect(imports.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('has no cycles', () => {
    expect(findCycles()).toEqual([]);
  });

  it('keeps Node and heavy packages out of the browser', () => {
    const reached = reachableFrom(files.filter((file) => browserRooms.some((room) => file.startsWith(room))));
    const offenders = [...reached].filter((file) => /from '(node:|zod|yaml|@duckdb)/.test(codeOf(file)));
    expect(offenders).toEqual([]);
  });

  it('writes under the book only from collector/store, and from what builds the site and sets up a book', () => {
    const writers = /\b(?:appendFileSync|createWriteStream|fs\.promises\.(?:write|append)File)\b/;
    expect(
      files.filter(
        (file) =>
          file.startsWith('collector/') && !file.startsWith('collector/store') && writers.test(codeOf(file)),
      ),
    ).toEqual([]);
  });
});

function isAllowed({ from, to, isType }: Import): boolean {
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

function importsOf(file: string): Import[] {
  const found: Import[] = [];
  for (const match of codeOf(file).matchAll(
    /^\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)|^import\s+'(\.[^']+)'/gm,
  )) {
    const path = match[2] ?? match[3] ?? match[4]!;
    const to = relative(root, resolve(root, dirname(file), path)).replaceAll('\\', '/');
    found.push({ from: file, to, isType: match[1] !== undefined });
  }
  return found;
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

function findCycles(): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to, isType } of imports) if (!isType) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const cycles: string[] = [];
  const walk = (file: string, path: string[]) => {
    const at = path.indexOf(file);
    if (at !== -1) cycles.push([...path.slice(at), file].join(' -> '));
    if (at !== -1 || done.has(file)) return;
    for (const one of next.get(file) ?? []) walk(one, [...path, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  return cycles;
}
