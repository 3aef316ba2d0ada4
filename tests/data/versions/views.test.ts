import { describe, expect, it } from 'vitest';
import { countChains, restingOn, wayDown } from '../../../src/data/versions/chains.ts';
import { versionsPageFacts } from '../../../src/data/versions/list.ts';
import { versionPageFacts } from '../../../src/data/versions/page.ts';
import { noVersions, type VersionsSummary, type VersionView } from '../../../src/data/versions/types.ts';
import { textOf } from '../../../src/parts/part.ts';
import { shellWord, versionCommands } from '../../../src/parts/versions/commands.tsx';
import { versionPage } from '../../../src/parts/versions/page.tsx';
import { builtAtUs } from '../sample-action.ts';

const hourUs = 3_600_000_000;

function view(version: string, given: Partial<VersionView> = {}): VersionView {
  return {
    version,
    slug: version,
    atUs: builtAtUs - hourUs,
    tags: [],
    description: '',
    base: undefined,
    fullBytes: 1000,
    storedBytes: 1000,
    state: 'sound',
    problem: '',
    before: undefined,
    changes: undefined,
    ...given,
  };
}

function summary(views: VersionView[], given: Partial<VersionsSummary> = {}): VersionsSummary {
  return { ...noVersions(), total: views.length, views, ...given };
}

function factsOf(one: VersionView, content: string | { [name: string]: number } = { a: 1 }) {
  const metadata = {
    version: one.version,
    created_at: '2026-11-20T16:09:03+00:00',
    tags: [],
    description: '',
    user_info: {},
    checksum: null,
    size_bytes: 1,
    entry_count: 1,
  };
  return versionPageFacts(
    [one],
    one,
    { details: { metadata, content }, before: undefined },
    { up: '../', repository: undefined },
  );
}

describe('the page of all versions', () => {
  it.each([
    [[], 'No version is stored yet.'],
    [[view('a')], '1 version, the newest saved 1 hour ago.'],
    [
      [view('b', { state: 'python' }), view('a', { state: 'damaged' }), view('c', { state: 'missing' })],
      '3 versions, the newest saved 1 hour ago. One can be read by Python only, two are damaged or missing.',
    ],
    [[view('a', { atUs: undefined })], '1 version.'],
  ])('begins with a sentence: %#', (views, lead) => {
    expect(versionsPageFacts(summary(views), builtAtUs).lead).toBe(lead);
  });

  it('says what deltas spare', () => {
    const views = [view('b', { base: 'a', storedBytes: 100 }), view('a')];
    const { figures } = versionsPageFacts(summary(views, { storedBytes: 1100, fullBytes: 2000 }), builtAtUs);
    expect(figures.map(({ value, note }) => `${value}, ${note}`)).toEqual([
      '1, and 1 delta',
      '1, the longest of two versions',
      '1.10 kB, 2.00 kB whole, 45 % spared',
      '0, none given',
    ]);
  });
});

describe('chains', () => {
  it('end where they come back to themselves', () => {
    const views = [view('a', { base: 'b' }), view('b', { base: 'a' })];
    expect(wayDown(views, 'a').map(({ version }) => version)).toEqual(['a', 'b']);
    expect(restingOn(views, 'a', 10).map(({ version }) => version)).toEqual(['b']);
    expect(countChains(views)).toEqual({ chains: 0, longest: 0 });
  });
});

describe('the commands of a version', () => {
  it('take any name as one word', () => {
    expect(['v1.0.0', 'a b', "it's", '$(rm -rf /)', '-x', ''].map(shellWord)).toEqual([
      'v1.0.0',
      "'a b'",
      "'it'\\''s'",
      "'$(rm -rf /)'",
      "'-x'",
      "''",
    ]);
  });

  it('fit what it is: a text, a damaged one, one that is not there', () => {
    const text = (one: VersionView, content?: string) => textOf(versionCommands(factsOf(one, content)));
    expect(text(view('v1'), 'words')).toContain('daybook store get v1 --out v1.txt');
    expect(text(view('a/b'))).toContain('daybook store get a/b --out version.json');
    expect(text(view('v1', { state: 'damaged' }))).toContain('store get v1 --unverified');
    expect(text(view('v1', { state: 'missing' }))).not.toContain('store get');
  });
});

describe('the page of a version', () => {
  const text = (one: VersionView, content: string | { [name: string]: number }) =>
    versionPage(factsOf(one, content)).map(textOf).join('\n');

  it('says of the first that there is none before it', () => {
    expect(text(view('v1'), { a: 1 })).toContain('There is none before it');
  });

  it('folds what is long and cuts what is endless', () => {
    const long = 'x'.repeat(30_000);
    expect(text(view('v1'), long)).toContain('… 10,000 more characters');
    const many = Object.fromEntries(Array.from({ length: 9000 }, (_, at) => [`field_${at}`, at]));
    expect(text(view('v1'), many)).toContain('more characters in the file');
  });
});
