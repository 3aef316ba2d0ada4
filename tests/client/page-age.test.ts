import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { oldPage } from '../../src/client/page-age.ts';
import type { SiteBook } from '../../src/data/book/types.ts';
import { pageAge } from '../../src/data/overview/age.ts';
import { builtAtUs } from '../data/sample-action.ts';
import { sampleBook } from '../data/sample-book.ts';
import { sampleCoverage } from '../data/sample-coverage.ts';

const minuteUs = 60e6;
const dayUs = 86_400e6;
const scheduled = { ...sampleBook('tiny'), coverage: sampleCoverage(builtAtUs) };

function readAt(book: SiteBook, laterUs: number, isLive = false) {
  const { staleAtUs, dueAtUs } = pageAge(book);
  const said = 'Working, and nothing needs attention.';
  const times = { builtUs: builtAtUs, staleUs: staleAtUs, dueUs: dueAtUs, said, isLive };
  return oldPage(times, builtAtUs + laterUs);
}

describe('a page that is read after its build', () => {
  it('tells how things are until a snapshot is due that it cannot know of, and a little for publishing', () => {
    // Due 15 minutes after the build.
    expect(readAt(scheduled, 30 * minuteUs)).toBeUndefined();
    expect(readAt(scheduled, 31 * minuteUs)).toEqual({
      heading: 'This page is 31 minutes old.',
      text: 'It was built on Nov 20, 16:30 UTC, 31 minutes ago. Then it said: “Working, and nothing needs attention.” A snapshot has been due since Nov 20, 16:45 UTC; whether it was taken, only a newer build tells.',
    });
  });

  it('tells how old it is days later, with a rare schedule and with none', () => {
    const weekly = {
      ...scheduled,
      coverage: { ...scheduled.coverage, nextDueUs: builtAtUs + 6 * dayUs },
    };
    for (const book of [weekly, sampleBook('tiny')]) {
      expect(readAt(book, dayUs)).toBeUndefined();
      const old = readAt(book, 5 * dayUs);
      expect(old?.heading).toBe('This page is 5 days old.');
      expect(old?.text).toContain('What has happened since, only a newer build tells.');
    }
    expect(readAt(weekly, 7 * dayUs)?.text).toContain('A snapshot has been due since Nov 26, 16:30 UTC');
  });

  it('does not wait for snapshots that had stopped before', () => {
    const overdue = { fromUs: builtAtUs - 4 * dayUs, missed: 180 };
    const stopped = { ...scheduled, coverage: { ...scheduled.coverage, overdue, newestUs: overdue.fromUs } };
    expect(pageAge(stopped).dueAtUs).toBeUndefined();
    expect(readAt(stopped, dayUs)).toBeUndefined();
    expect(readAt(stopped, 3 * dayUs)?.heading).toBe('This page is 3 days old.');
  });

  it('is as old as the last record where it hears of records, but for snapshots that do not come', () => {
    expect(readAt(sampleBook('tiny'), 5 * dayUs, true)).toBeUndefined();
    expect(readAt(scheduled, 5 * dayUs, true)?.heading).toBe('This page is 5 days old.');
  });

  it('is asked by the script of every page, and by a file of all pages for each that it shows', () => {
    const script = (name: string) =>
      readFileSync(new URL(`../../src/client/${name}`, import.meta.url), 'utf8');
    expect(script('index.ts')).toMatch(/^tellPageAge\(\);$/m);
    expect(script('single/pages.ts')).toMatch(/^ +showPageAge\(\);$/m);
  });
});
