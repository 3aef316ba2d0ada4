import type { ActionRecord } from '../../formats/actions/action.ts';
import { type DisplayStatus, displayStatuses } from '../../formats/actions/status.ts';
import { blockRecords } from './columns.ts';
import type { LogIndex } from './log-index.ts';
import { TextSearch } from './text-search.ts';

/** Which actions are wanted. */
export interface RecordChoice {
  limit: number;
  /** Every line by itself, instead of the newest of each action. */
  lines?: boolean | undefined;
  /** Types, of which "*" stands for any letters. */
  types?: readonly string[] | undefined;
  statuses?: readonly DisplayStatus[] | undefined;
  sinceUs?: number | undefined;
  /** What stands somewhere in the line, letter for letter. */
  text?: string | undefined;
}

/**
 * The newest actions that fulfil all conditions, newest first. An action is its newest line, and the conditions are about that
 * line. Blocks of the log are looked at from the newest, and no more of them than it takes.
 */
export async function newestMatching(index: LogIndex, choice: RecordChoice): Promise<ActionRecord[]> {
  return index.read(await placesMatching(index, choice));
}

/** A record that was looked at, and whether it is wanted. */
export interface Candidate {
  place: number;
  segment: number;
  atUs: number;
  action: number;
  isWanted: boolean;
}

async function placesMatching(index: LogIndex, choice: RecordChoice): Promise<number[]> {
  const { limit, lines = false, sinceUs = Number.NEGATIVE_INFINITY } = choice;
  const seen = new Set<number>();
  const found: number[] = [];
  for await (const { place, atUs, action, isWanted } of inOrder(index, lookAt(index, choice), newestFirst)) {
    if (atUs < sinceUs) break;
    if (!lines && action !== 0) {
      if (seen.has(action)) continue;
      seen.add(action);
    }
    if (isWanted && found.push(place) === limit) break;
  }
  return found;
}

/** What blocks have to offer, in an order in which the newer of two comes first; no more blocks are looked at than are asked for. */
export async function* inOrder(
  index: LogIndex,
  look: (block: number) => Promise<Candidate[]>,
  order: (a: Candidate, b: Candidate) => number,
): AsyncGenerator<Candidate> {
  const blocks = [...index.blocks.keys()].sort((a, b) => index.blocks[b]!.mostUs - index.blocks[a]!.mostUs);
  let held: Candidate[] = [];
  for (const [number, block] of blocks.entries()) {
    for (const candidate of await look(block)) held.push(candidate);
    held.sort(order);
    // What a block still to come may be newer than has to wait for it.
    const next = blocks[number + 1];
    const untilUs = next === undefined ? Number.NEGATIVE_INFINITY : index.blocks[next]!.mostUs;
    let taken = 0;
    while (taken < held.length && held[taken]!.atUs > untilUs) yield held[taken++]!;
    held = held.slice(taken);
  }
}

/** Of records of one time those of earlier files come first, and in one file the later ones: as where logs are read from their ends. */
function newestFirst(a: Candidate, b: Candidate): number {
  return b.atUs - a.atUs || a.segment - b.segment || b.place - a.place;
}

function lookAt(index: LogIndex, { types = [], statuses = [], text, lines = false }: RecordChoice) {
  const isType = flagsOf(
    index.state.types.map(([type]) => type),
    types.map(patternOf),
    (pattern, type) => pattern.test(type),
  );
  const isStatus = flagsOf(displayStatuses, statuses, (one, status) => one === status);
  const search = text === undefined || text === '' ? undefined : new TextSearch(index, text);
  return async (block: number): Promise<Candidate[]> => {
    const { segment } = index.blocks[block]!;
    const [at, type, status] = [
      index.column(block, 'at'),
      index.column(block, 'type'),
      index.column(block, 'status'),
    ];
    const action = index.column(block, 'action');
    const hits = await search?.rowsWith(block);
    const candidates: Candidate[] = [];
    for (let row = 0; row < at.length; row++) {
      const isWanted =
        isType[type[row]!] === 1 && isStatus[status[row]!] === 1 && (hits === undefined || hits[row] === 1);
      if (!isWanted && (lines || action[row] === 0)) continue;
      const place = block * blockRecords + row;
      candidates.push({ place, segment, atUs: at[row]!, action: action[row]!, isWanted });
    }
    return candidates;
  };
}

/** For each word whether it fits one of the wishes; all do where there are none. */
function flagsOf<Wish>(
  words: readonly string[],
  wishes: readonly Wish[],
  fits: (wish: Wish, word: string) => boolean,
): Uint8Array {
  return Uint8Array.from(words, (word) =>
    wishes.length === 0 || wishes.some((wish) => fits(wish, word)) ? 1 : 0,
  );
}

function patternOf(type: string): RegExp {
  const parts = type.split('*').map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'su');
}
