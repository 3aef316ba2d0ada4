import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** The one place where JSON is read and written; everything recorded passes through it and keeps its digits. */
const onePlace = 'collector/base/json/text.ts';

/** Who reads JSON as JavaScript does, where a double is all there is, and why. */
const plainReaders: Record<string, string> = {
  'collector/base/json/path.ts': 'the text between two quotes',
  'collector/formats/actions/line-cut.ts': 'whether a text is JSON',
  'collector/formats/ledger/scan.ts': 'the text between two quotes',
  'collector/formats/metrics/join.ts': 'whether a line has an id',
  'collector/formats/metrics/metrics.ts': 'measurements: a million lines of doubles',
  'collector/formats/results/benchmark-pieces.ts': 'measured values become doubles',
  'collector/formats/results/read-json.ts': 'measured values become doubles',
  'collector/formats/metrics/points.ts': 'measurements: a million lines of doubles',
  'collector/formats/actions/segment.ts': 'times and counts of lines, written by us',
  'collector/formats/actions/torn-line.ts':
    'where one record ends and the next begins; line-parser and metrics read the records',
  'collector/github-action/build-site.ts': 'the path of a folder',
  'collector/github-action/daybook.ts': 'ids, flags and counts that Daybook itself printed',
  'collector/github-action/run-action.ts': 'names of repositories',
  'collector/operations/query/database.ts': 'a plan of DuckDB',
  'collector/operations/sync/runs/memory.ts': 'ids and facts of files, written by us',
  'collector/operations/site/build-apart.ts': 'what a process of our own says of its build',
  'collector/store/kept-files.ts': 'counts, times and texts of our own',
  'collector/store/last-lines.ts': 'the time of a line that is not listed',
  'collector/store/ledger/ledger-index.ts': 'who owns a run, as our own index has it',
  'collector/store/line-parser.ts':
    'the fields all lines have; LineRecord reads the rest exactly when it is asked for',
  'collector/store/log-index/database.ts': 'counts and texts of our own',
  'collector/store/log-memory.ts': 'counts and times that Daybook kept for itself',
  'collector/store/log-sums.ts': 'checksums of a log that Daybook kept for itself',
  'collector/store/log-merge.ts': 'whether a line is JSON, and its id',
  'collector/store/runs/kept-evidence.ts': 'what metrics.ts made of measurements',
  'collector/store/runs/kept-runs.ts':
    'our own file, of which nothing is kept that has exact numbers but texts of their own',
  'collector/store/segments/snapshot-segments.ts': 'a line that holds two texts',
  'src/build/clean-files.ts': 'sums and names of our own',
  'src/build/pages/kept-pages.ts': 'what is kept of rendered pages',
  'src/client/data-files.ts': 'series, which are measured',
  'src/client/live/key-metrics.ts': 'measurements in the page itself',
  'src/client/live/stream.ts': 'messages of our own server',
  'src/client/runs/store.ts': 'tags, which are texts',
  'src/client/runs/view-state.ts': 'ranges of axes, which pages write into their own address',
  'src/data/actions/kept-reading.ts': 'names of our own',
  'src/data/actions/row-source.ts': 'rows of our own, whose recorded values are texts in them',
  'src/data/book/package-root.ts': 'package.json of this program',
  'src/data/publish/cache.ts': 'how files stood when they were looked at, and checksums',
  'src/data/publish/manifest.ts': 'names and sums of our own',
  'src/data/snapshots/kept-keys.ts': 'checksums',
  'src/data/runs/live.ts': 'measurements and states in messages of our own server',
  'src/data/runs/publish.ts': 'series, whose numbers JavaScript wrote',
};

const files = globSync(['collector/**/*.ts', 'src/**/*.{ts,tsx,astro}'], { cwd: root }).map((path) =>
  path.replaceAll('\\', '/'),
);

/** Code without comments. */
const codeOf = (file: string) =>
  readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

describe('JSON', () => {
  it('is read and written in one place', () => {
    expect(files.length).toBeGreaterThan(300);
    const users = files.filter((file) => /\bJSON\s*\.\s*(?:parse|stringify)\b/.test(codeOf(file)));
    expect(users).toEqual([onePlace]);
    // What a browser fetched would be parsed by the browser.
    const fetching = files.filter((file) => file.startsWith('src/') && /\.json\(\)/.test(codeOf(file)));
    expect(fetching).toEqual([]);
  });

  it('is read without exact numbers only where none can be lost', () => {
    const door = 'src/data/browser.ts';
    const users = files.filter((file) => file !== onePlace && file !== door);
    expect(users.filter((file) => /\bparsePlainJson\b/.test(codeOf(file))).sort()).toEqual(
      Object.keys(plainReaders).sort(),
    );
  });
});
