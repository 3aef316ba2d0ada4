import { describe, expect, it } from 'vitest';
import { noCounts } from '../../../src/charts/histogram.ts';
import { fleetBookOf } from '../../../src/data/fleet/book.ts';
import { newestFailures, noFailuresText } from '../../../src/data/fleet/failures.ts';
import { fleetJson } from '../../../src/data/fleet/files.ts';
import type { FleetBook } from '../../../src/data/fleet/types.ts';
import { attention } from '../../../src/data/overview/attention.ts';
import { headline } from '../../../src/data/overview/headline.ts';
import { type SampleName, sampleBook } from '../sample-book.ts';
import { fleetOf, someBook, unreadBook } from './some-fleet.ts';

const samples: SampleName[] = ['empty', 'tiny', 'typical', 'hostile', 'huge', 'silent', 'experiments'];
const shown = samples.map((name) => fleetBookOf(name, sampleBook(name)));

describe('what the page of several books says of one', () => {
  it('is the first sentence of its own Overview', () => {
    for (const name of samples) {
      const book = sampleBook(name);
      const { sentence, facts } = headline(book, attention(book));
      expect(shown.find((each) => each.name === name)).toMatchObject({ sentence, facts });
    }
  });

  it('is its state, and since when it is silent', () => {
    expect(Object.fromEntries(shown.map(({ name, state }) => [name, state]))).toMatchInlineSnapshot(`
      {
        "empty": "empty",
        "experiments": "failing",
        "hostile": "failing",
        "huge": "well",
        "silent": "silent",
        "tiny": "well",
        "typical": "well",
      }
    `);
    const silent = shown.find(({ name }) => name === 'silent')!;
    expect(silent.silence).toEqual({ sinceUs: silent.lastUs, ofSnapshots: false });
  });

  it('counts whole days, exactly however many actions there are', () => {
    const tiny = sampleBook('tiny');
    const day = (before: number, completed: number, failed: number) => ({
      day: new Date(tiny.builtAtUs / 1000 - before * 86_400_000).toISOString().slice(0, 10),
      counts: { ...noCounts(), completed, failed },
    });
    // The last one is of a clock that was ahead.
    const days = [
      day(40, 5, 5),
      day(7, 1, 1),
      day(6, 70, 0),
      day(1, 90_000, 2),
      day(0, 800, 3),
      day(-3, 6, 6),
    ];
    const book = fleetBookOf('busy', { ...tiny, actions: { ...tiny.actions, days } });
    expect(book.sinceYesterday).toEqual({ actions: 90_805, failed: 5 });
    expect(book.week).toEqual({ actions: 90_875, failed: 5 });
    expect(book.days.map(({ total, failed }) => [total, failed])).toEqual([
      [2, 1],
      [70, 0],
      [90_002, 2],
      [803, 3],
    ]);
  });

  it('leads into its own pages', () => {
    for (const { name, failures, entries } of shown) {
      expect(failures.filter(({ href }) => !href.startsWith(`${name}/`))).toEqual([]);
      const paths = Object.values(entries).flatMap((each) => each.map(({ path }) => path));
      expect(paths.filter((path) => !path.startsWith(`${name}/`))).toEqual([]);
    }
  });
});

describe('the failures of all books', () => {
  it('are not said to be none where that is not known', () => {
    const said = (...books: FleetBook[]) => noFailuresText(books);
    expect(said(someBook('a'))).toBe('No action and no run of these books has failed.');
    expect(said(someBook('a'), unreadBook('b'))).toBe(
      'No action and no run of the books that could be read has failed.',
    );
    expect(said(unreadBook('b'))).toBe('No book could be read, so nothing is known of failures.');
  });

  it('are the newest of all, at most 50', () => {
    const all = newestFailures(shown);
    expect(all).toHaveLength(50);
    expect(new Set(all.map(({ book }) => book)).size).toBeGreaterThan(1);
    const times = all.map(({ atUs }) => atUs);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    const left = shown.flatMap(({ failures }) => failures).filter((each) => !all.includes(each));
    expect(Math.max(...left.map(({ atUs }) => atUs))).toBeLessThanOrEqual(times.at(-1)!);
  });

  it('stand in api/fleet.json with the books in the order of the page', () => {
    const said = fleetJson(fleetOf(...shown));
    expect(said['failures']).toHaveLength(50);
    expect((said['books'] as { name: string }[]).map(({ name }) => name)).toEqual(samples);
  });
});
