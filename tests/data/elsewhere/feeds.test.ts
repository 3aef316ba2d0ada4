import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { SiteBook } from '../../../src/data/book/types.ts';
import { atomFeed } from '../../../src/data/elsewhere/feeds/atom.ts';
import { feedsOf } from '../../../src/data/elsewhere/feeds/entries.ts';
import { stableId } from '../../../src/data/elsewhere/feeds/entry.ts';
import { jsonFeed } from '../../../src/data/elsewhere/feeds/json-feed.ts';
import { builtAtUs } from '../sample-action.ts';
import { type SampleName, sampleBook } from '../sample-book.ts';

const names = ['failures', 'deployments', 'everything'] as const;
const at = { address: 'https://example.com/a/b/' };
const nowhere = { address: undefined };

function feed(book: SiteBook, name: (typeof names)[number]) {
  return feedsOf(book).find((each) => each.name === name)!;
}

describe('the feeds of a book', () => {
  it('hold what failed, what was deployed, and the newest of all', () => {
    const book = sampleBook('typical');
    const tags = (name: (typeof names)[number]) =>
      new Set(feed(book, name).entries.flatMap((each) => each.tags));
    expect(tags('failures')).toContain('failed');
    expect(tags('failures')).not.toContain('completed');
    expect(feed(book, 'deployments').entries.every((each) => each.tags.includes('deploy'))).toBe(true);
    expect(tags('everything')).toContain('snapshot');
    for (const each of feedsOf(book)) {
      expect(each.entries.length).toBeLessThanOrEqual(50);
      expect(each.entries.length).toBeGreaterThan(0);
      const times = each.entries.map(({ atUs }) => atUs);
      expect(times).toEqual([...times].sort((a, b) => b - a));
    }
  });

  it('tell that the system became worse once, not at every snapshot of it', () => {
    const book = sampleBook('typical');
    const [first] = book.snapshots;
    const healths = ['operational', 'failing', 'failing', 'degraded', 'operational', 'failing'] as const;
    const snapshots = healths.map((health, number) => ({
      ...first!,
      id: `s${number}`,
      atUs: builtAtUs + number,
      health,
    }));
    const told = feed({ ...sampleBook('empty'), snapshots }, 'failures').entries.map(({ title }) => title);
    expect(told.map((title) => /failing|degraded/.exec(title)![0])).toEqual([
      'failing',
      'degraded',
      'failing',
    ]);
  });

  it('know a thing by the same id for ever: renamed, moved, ended, built again', () => {
    const book = sampleBook('typical');
    const ids = (given: SiteBook) => feed(given, 'everything').entries.map(({ id }) => id);
    const newest = book.actions.newest.map((one) => ({
      ...one,
      status: 'failed' as const,
      summary: 'other',
    }));
    const changed = {
      ...book,
      title: 'other',
      builtAtUs: builtAtUs + 1e12,
      actions: { ...book.actions, newest },
      elsewhere: { ...book.elsewhere, ...at },
    };
    expect(ids(changed)).toEqual(ids(book));
    expect(new Set(ids(book)).size).toBe(50);
    // Written down once: should this fail, every reader of every feed would see all of it again.
    expect(stableId('action', 'action_20261120_161800', 1_795_191_480_000_000)).toBe(
      'urn:uuid:f0bf789b-786f-5761-8fbb-1cb0d74db52c',
    );
    expect(feed({ ...book, title: 'other' }, 'failures').id).toBe(feed(book, 'failures').id);
  });

  it('change only where what they tell changed, not with every build', () => {
    const book = sampleBook('typical');
    const text = (given: SiteBook) => names.map((name) => atomFeed(feed(given, name), at));
    expect(text({ ...book, builtAtUs: builtAtUs + 3_600e6 })).toEqual(text(book));
  });

  it('leave out what has no time that calendars have', () => {
    const book = sampleBook('tiny');
    const odd = { ...book.actions.newest[0]!, atUs: 1e19 };
    expect(
      feed({ ...book, actions: { ...book.actions, newest: [odd] }, snapshots: [] }, 'everything').entries,
    ).toEqual([]);
  });
});

describe('Atom', () => {
  it.each<SampleName>(['empty', 'tiny', 'typical', 'hostile', 'experiments'])(
    'has what RFC 4287 asks for, and nothing recorded as markup: %s',
    (name) => {
      for (const each of feedsOf(sampleBook(name))) {
        const xml = atomFeed(each, at);
        expect(xml).toMatch(
          /^<\?xml version="1\.0" encoding="utf-8"\?>\n<feed xmlns="http:\/\/www\.w3\.org\/2005\/Atom"/,
        );
        expect(xml).not.toMatch(/<script|<img|[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/);
        const [head, ...entries] = xml.split('<entry>');
        for (const must of ['id', 'title', 'updated']) expect(head).toContain(`<${must}>`);
        expect(head).toContain('<author><name>');
        for (const entry of entries)
          for (const must of ['id', 'title', 'updated', 'published']) expect(entry).toContain(`<${must}>`);
      }
    },
  );

  it('has whole links where the address is known, else those that lead on from the feed', () => {
    const book = sampleBook('typical');
    expect(atomFeed(feed(book, 'failures'), at)).toContain(
      'rel="self" type="application/atom+xml" href="https://example.com/a/b/feeds/failures.xml"',
    );
    const hrefs = [...atomFeed(feed(book, 'failures'), nowhere).matchAll(/href="([^"]*)"/g)].map(
      ([, href]) => href!,
    );
    expect(hrefs.every((href) => href.startsWith('../'))).toBe(true);
    expect(new URL(hrefs[0]!, 'https://example.com/a/b/feeds/failures.xml').href).toBe(
      'https://example.com/a/b/feeds/failures.xml',
    );
  });
});

/** JSON Feed 1.1 as its text says (jsonfeed.org), as a schema. */
const text = { type: 'string' };
const url = { type: 'string', pattern: '^https?://' };
const authors = { type: 'array', items: { type: 'object', required: ['name'], properties: { name: text } } };
const time = {
  type: 'string',
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$',
};
const item = {
  type: 'object',
  required: ['id', 'content_text'],
  additionalProperties: false,
  properties: {
    id: text,
    url,
    title: text,
    content_text: text,
    date_published: time,
    date_modified: time,
    authors,
    tags: { type: 'array', items: text },
  },
};
const isJsonFeed = new Ajv2020().compile({
  type: 'object',
  required: ['version', 'title', 'items'],
  additionalProperties: false,
  properties: {
    version: { const: 'https://jsonfeed.org/version/1.1' },
    title: text,
    description: text,
    home_page_url: url,
    feed_url: url,
    language: text,
    authors,
    items: { type: 'array', items: item },
  },
});

describe('JSON Feed', () => {
  it.each<SampleName>(['empty', 'tiny', 'typical', 'hostile', 'experiments'])('is one: %s', (name) => {
    for (const settings of [at, nowhere]) {
      for (const each of feedsOf(sampleBook(name))) {
        const value: unknown = JSON.parse(JSON.stringify(jsonFeed(each, settings)));
        expect(isJsonFeed(value), JSON.stringify(isJsonFeed.errors)).toBe(true);
      }
    }
  });

  it('has the ids of Atom, and addresses only where they are known', () => {
    const failures = feed(sampleBook('typical'), 'failures');
    const value = jsonFeed(failures, at) as { items: { id: string; url: string }[] };
    expect(value.items.map(({ id }) => id)).toEqual(failures.entries.map(({ id }) => id));
    expect(value.items[0]!.url).toMatch(/^https:\/\/example\.com\/a\/b\/actions\.html\?action=/);
    expect(jsonFeed(failures, nowhere)).not.toHaveProperty('feed_url');
  });
});
