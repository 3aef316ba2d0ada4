import { jsonText } from '../../data/browser.ts';
import { type ActionStore, pause } from './store.ts';

/** A search on its way through all rows, from the newest. */
export interface TextSearch {
  /** One byte per row, 1 where the text was found. */
  hits: Uint8Array;
  /** Rows looked through so far. */
  done(): number;
  cancel(): void;
}

/**
 * Looks for a text in type, run, summary, error and details of every row; upper and lower case are the same, and the text
 * is taken as it is: no patterns. Calls `onProgress` now and then and at the end, but never once it is cancelled.
 */
export function searchText(
  store: ActionStore,
  text: string,
  onProgress: (finished: boolean) => void,
  onError: (error: unknown) => void,
): TextSearch {
  const hits = new Uint8Array(store.total);
  const needle = text.toLowerCase();
  const escaped = jsonText(needle).slice(1, -1);
  const state = { cancelled: false, done: 0 };
  run().catch((error: unknown) => {
    if (!state.cancelled) onError(error);
  });
  return { hits, done: () => state.done, cancel: () => (state.cancelled = true) };

  async function run(): Promise<void> {
    const names = new Map<number, boolean>();
    const inNames = (row: number): boolean => {
      const code = store.columns.type[row]! * 2 ** 26 + store.columns.run[row]!;
      const known = names.get(code);
      if (known !== undefined) return known;
      const { types, runs, columns } = store;
      const found =
        types.textOf(columns.type[row]!).toLowerCase().includes(needle) ||
        runs.textOf(columns.run[row]!).toLowerCase().includes(needle);
      names.set(code, found);
      return found;
    };
    let drawn = performance.now();
    for (const { start, end } of store.groups()) {
      while (store.loadedFrom() > start && !state.cancelled) await wait(30);
      if (state.cancelled) return;
      const { summaries, details } = await store.texts(start, end);
      if (state.cancelled) return;
      for (let row = start; row < end; row++) {
        const detail = details[row - start]!.toLowerCase();
        const found =
          detail.includes(needle) ||
          (escaped !== needle && detail.includes(escaped)) ||
          summaries[row - start]!.toLowerCase().includes(needle) ||
          inNames(row);
        if (found) hits[row] = 1;
      }
      state.done += end - start;
      if (performance.now() - drawn > 120) {
        onProgress(false);
        await pause();
        if (state.cancelled) return;
        drawn = performance.now();
      }
    }
    onProgress(true);
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
