import type { TimeRange } from '../../charts/brush-keys.ts';
import type { ActionShard } from '../../data/actions/index.ts';
import { jsonText } from '../../data/browser.ts';
import { breathing } from '../breathe.ts';
import type { OpenedParquet } from '../parquet.ts';
import { textFinder } from './byte-finder.ts';
import { findPacked } from './packed-texts.ts';
import type { Summaries } from './search-texts.ts';
import type { ActionStore } from './store.ts';

/** A search on its way through all rows. */
export interface TextSearch {
  /** One byte per row, 1 where the text was found. */
  hits: Uint8Array;
  /** Rows looked through so far, in everything that is searched. */
  done(): number;
  /** Rows in which the text was found so far. */
  found(): number;
  cancel(): void;
}

/** Whom a search tells, and where it begins. */
export interface TextSearchOptions {
  /** Called as rows were found or looked through, and at the end; never once the search is cancelled. */
  onProgress(finished: boolean): void;
  onError(error: unknown): void;
  /** The time whose rows are looked through before all others. */
  chosen?(): TimeRange | undefined;
}

/**
 * Looks for a text in type, run, summary, error and details of every row; upper and lower case are the same, and the text
 * is taken as it is: no patterns. What is there at once is found at once; details are read shard by shard, from the
 * newest of the chosen time, and nothing but the numbers of the rows is kept of them.
 */
export function searchText(store: ActionStore, text: string, options: TextSearchOptions): TextSearch {
  const hits = new Uint8Array(store.total);
  const needle = text.toLowerCase();
  const state = { cancelled: false, done: 0, found: 0 };
  const hit = (row: number) => {
    state.found += 1 - hits[row]!;
    hits[row] = 1;
  };
  const { onProgress, onError } = options;
  run().catch((error: unknown) => {
    if (!state.cancelled) onError(error);
  });
  return {
    hits,
    done: () => state.done,
    found: () => state.found,
    cancel: () => (state.cancelled = true),
  };

  async function run(): Promise<void> {
    const inTexts = inDetails(needle);
    const inNames = namesFinder(store, needle);
    const left = [...store.shards];
    const breath = breathing();
    for (const shard of [...left].reverse()) {
      if (store.loadedFrom() <= shard.start) markNames(shard, inNames, hit);
      const summaries = store.texts.summariesNow(shard);
      if (summaries !== undefined) findSummaries(summaries, needle, hit);
      await breath();
      if (state.cancelled) return;
    }
    onProgress(false);
    let ahead: Ahead | undefined;
    while (left.length > 0) {
      const shard = takeNext(left, options.chosen?.());
      while (store.loadedFrom() > shard.start && !state.cancelled) await wait(30);
      if (state.cancelled) return;
      const opened = await (ahead?.shard === shard ? ahead.opened : store.texts.open(shard));
      if (state.cancelled) return;
      ahead = readAhead(left);
      markNames(shard, inNames, hit);
      findSummaries(await store.texts.summaries(shard), needle, hit);
      for await (const { start, end, details, errors } of store.texts.groups(shard, opened)) {
        await breath();
        if (state.cancelled) return;
        for (let row = start; row < end; row++) {
          if (hits[row] === 1) continue;
          const error = errors[row - start] as Uint8Array | null | undefined;
          if (inTexts(details[row - start] as Uint8Array) || (error != null && inTexts(error))) hit(row);
        }
        state.done += end - start;
        await breath();
        if (state.cancelled) return;
        onProgress(false);
      }
    }
    onProgress(true);
  }

  function readAhead(left: readonly ActionShard[]): Ahead | undefined {
    if (left.length === 0) return undefined;
    const shard = takeNext([...left], options.chosen?.());
    const opened = store.texts.open(shard);
    // What cannot be read is said when its turn comes.
    opened.catch(() => {});
    return { shard, opened };
  }
}

/** A shard that is read while the one before it is looked through. */
interface Ahead {
  shard: ActionShard;
  opened: Promise<OpenedParquet>;
}

/** The newest shard of the chosen time, or else the newest; it is taken out of those that are left. */
function takeNext(left: ActionShard[], chosen: TimeRange | undefined): ActionShard {
  const isChosen = ({ fromUs, toUs }: ActionShard) =>
    chosen !== undefined && (fromUs ?? 0) < chosen.toUs && (toUs ?? 0) >= chosen.fromUs;
  const at = left.findLastIndex(isChosen);
  return left.splice(at < 0 ? left.length - 1 : at, 1)[0]!;
}

/** Whether details hold the needle as it is, or as it is written in JSON. */
function inDetails(needle: string): (text: Uint8Array) => boolean {
  const plain = textFinder(needle);
  const escaped = jsonText(needle).slice(1, -1);
  if (escaped === needle) return plain;
  const written = textFinder(escaped);
  return (text) => plain(text) || written(text);
}

/** For each kind of rows whether its type or its run holds the needle; each name is looked at once. */
function namesFinder({ types, runs, kinds, columns }: ActionStore, needle: string): (row: number) => boolean {
  const known = { type: [] as boolean[], run: [] as boolean[] };
  const holds = (name: string) => name.toLowerCase().includes(needle);
  const found: boolean[] = [];
  return (row) => {
    const kind = columns.kind[row]!;
    if (found[kind] === undefined) {
      const [type, run] = [kinds.codes.type[kind]!, kinds.codes.run[kind]!];
      known.type[type] ??= holds(types.textOf(type));
      known.run[run] ??= holds(runs.textOf(run));
      found[kind] = known.type[type] || known.run[run];
    }
    return found[kind]!;
  };
}

function findSummaries(summaries: Summaries, needle: string, hit: (row: number) => void): void {
  for (const { start, texts } of summaries) findPacked(texts, needle, (at) => hit(start + at));
}

function markNames(
  { start, count }: ActionShard,
  found: (row: number) => boolean,
  hit: (row: number) => void,
): void {
  for (let row = start; row < start + count; row++) if (found(row)) hit(row);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
