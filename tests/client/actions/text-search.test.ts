import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { byteFinder, textFinder } from '../../../src/client/actions/byte-finder.ts';
import { findPacked, packTexts } from '../../../src/client/actions/packed-texts.ts';
import { ActionStore } from '../../../src/client/actions/store.ts';
import { searchText } from '../../../src/client/actions/text-search.ts';
import type { ActionRow } from '../../../src/data/actions/row.ts';
import { jsonText } from '../../../src/data/browser.ts';
import { actionRow, type FilesOnDisk, filesOnDisk, publishRows } from '../published.ts';

const encoder = new TextEncoder();
const utf8 = (text: string) => encoder.encode(text);

/** Texts of few letters, so that needles are found in them often: plain ones, and all that changes its length or alphabet with its case. */
const letter = fc.constantFrom(
  ...['a', 'A', 'b', 'k', 'K', 'i', 'I', 's', 'ß', 'ſ', 'ä', 'Ä', 'İ', '\u212a', '\u212b', 'Σ', 'σ', 'ς'],
  ...['"', '\\', '\n', ' ', '…', '\ufeff', '\u0307', '😀', '\u{10400}', '\u{10428}', '{', '1'],
);
const text = fc.string({ unit: letter, maxLength: 24 });
const needle = fc.string({ unit: letter, minLength: 1, maxLength: 3 });

function holds(text: string, needle: string): boolean {
  return text.toLowerCase().includes(needle.toLowerCase());
}

describe('a needle in bytes', () => {
  it('is found exactly where it is found in strings of small letters', () => {
    fc.assert(
      fc.property(text, needle, (text, needle) => {
        expect(textFinder(needle)(utf8(text))).toBe(holds(text, needle));
      }),
      { numRuns: 3000 },
    );
  });

  it('is compared by bytes only where no other letter becomes one of ASCII', () => {
    const becoming = Array.from({ length: 0x110000 - 0x80 }, (_, at) => at + 0x80)
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .map((code) => String.fromCodePoint(code))
      .filter((letter) => /[\0-\x7f]/.test(letter.toLowerCase()));
    expect(becoming.map((letter) => letter.toLowerCase()[0])).toEqual(['i', 'k']);
  });

  it('may be longer than any step, and stand at the end', () => {
    const long = 'abcdefgh'.repeat(50);
    expect(byteFinder(utf8(long))(utf8(`ab${long.toUpperCase()}`), 0)).toBe(2);
    expect(byteFinder(utf8(long))(utf8(long.slice(1)), 0)).toBe(-1);
  });

  it('is found in packed texts as in each of them, and never across two', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), needle, (texts, needle) => {
        const found = new Set<number>();
        findPacked(packTexts(texts.map(utf8)), needle.toLowerCase(), (at) => found.add(at));
        const expected = texts.flatMap((text, at) => (holds(text, needle) ? [at] : []));
        expect([...found]).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a search through all rows', () => {
  it('finds what a plain filter over all of them finds, in whatever time is chosen', async () => {
    const one = fc.record({
      details: text,
      summary: text,
      error: fc.option(text),
      run: fc.option(text),
      type: text,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(one, { minLength: 1, maxLength: 14 }),
        fc.array(needle, { minLength: 4, maxLength: 9 }),
        fc.nat(14),
        async (given, needles, chosen) => {
          const rows = given.map((row, at) =>
            actionRow({
              ...row,
              details: jsonText({ note: row.details }),
              atUs: at * 1e6,
              key: `action-${at}`,
            }),
          );
          const { store } = await published(rows);
          await store.loadAll(() => {});
          for (const needle of needles) {
            const hits = await searched(store, needle, { fromUs: chosen * 1e6, toUs: (chosen + 2) * 1e6 });
            expect(hits).toEqual(rows.map((row) => isHit(row, needle)));
          }
        },
      ),
      { numRuns: 8 },
    );
  });

  const rows = Array.from({ length: 12 }, (_, at) =>
    actionRow({ atUs: at * 1e6, key: `action-${at}`, summary: `step ${at}`, details: '{"note":"deep"}' }),
  );

  it('begins with the chosen time and goes on from the newest', async () => {
    const { store, files } = await published(rows);
    await store.loadAll(() => {});
    files.asked.length = 0;
    await searched(store, 'deep', { fromUs: 4e6, toUs: 5e6 });
    const details = files.asked.filter((name) => name.startsWith('details'));
    expect(details.map((name) => name.slice(0, 12))).toEqual([
      'details-0001',
      'details-0003',
      'details-0002',
      'details-0000',
    ]);
  });

  it('finds at once what is known of summaries that were read ahead', async () => {
    const { store, files } = await published(rows);
    await store.loadAll(() => {});
    await store.texts.prepare();
    files.asked.length = 0;
    files.broken.add(store.shards[3]!.details.file);
    const first = await new Promise<number[]>((resolve, reject) => {
      const search = searchText(store, 'step 1', {
        onProgress: () => {
          resolve([...search.hits]);
          search.cancel();
        },
        onError: reject,
      });
    });
    expect(first).toEqual(rows.map(({ summary }) => (summary.includes('step 1') ? 1 : 0)));
    expect(files.asked).toEqual([]);
  });

  it('says how far it is, and nothing more once it is cancelled', async () => {
    const { store } = await published(rows);
    await store.loadAll(() => {});
    const done: number[] = [];
    const found: number[] = [];
    await new Promise<void>((resolve, reject) => {
      const search = searchText(store, 'deep', {
        onProgress: () => {
          done.push(search.done());
          found.push(search.found());
          if (search.done() < 5) return;
          search.cancel();
          setTimeout(resolve, 30);
        },
        onError: reject,
      });
    });
    expect(done).toEqual([0, 1, 3, 4, 6]);
    // All that it finds stands in details, and is to be seen at once.
    expect(found).toEqual(done);
  });
});

async function published(rows: ActionRow[]): Promise<{ store: ActionStore; files: FilesOnDisk }> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-search-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await publishRows(folder, rows, { shardRows: 3, groupRows: 2 });
  const files = filesOnDisk(folder);
  return { store: await ActionStore.open(files), files };
}

function searched(
  store: ActionStore,
  text: string,
  chosen: { fromUs: number; toUs: number },
): Promise<boolean[]> {
  return new Promise((resolve, reject) => {
    const search = searchText(store, text, {
      onProgress: (finished) => finished && resolve([...search.hits].map((hit) => hit === 1)),
      onError: reject,
      chosen: () => chosen,
    });
  });
}

/** What the search promises, said plainly. */
function isHit({ type, run, summary, details, error }: ActionRow, needle: string): boolean {
  const written = jsonText(needle.toLowerCase()).slice(1, -1);
  return (
    [type, run ?? '', summary, details, error ?? ''].some((text) => holds(text, needle)) ||
    [details, error ?? ''].some((text) => holds(text, written))
  );
}
