import type { ActionRecord } from '../../formats/actions/action.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import type { LogSegment } from '../layout.ts';
import { type Block, type BlockInfo, blockRecords, type Column, type ColumnName, hashOf } from './columns.ts';
import type { KeptLog } from './database.ts';
import { type LinePlace, readLinesAgain } from './lines-again.ts';
import { allFindings, type KeptFindings, type LogState } from './state.ts';

/** That the log is no longer what the index was opened on: whoever gets it reads the log instead. */
export class LogChanged extends Error {}

/** So many columns are held in memory: some 8 MB. */
const mostRecent = 96;

/** What an index is made of. */
export interface IndexParts {
  root: string;
  segments: readonly LogSegment[];
  state: LogState;
  /** What was kept, for blocks that have not changed since. */
  kept: KeptLog | undefined;
  findings: KeptFindings | undefined;
  /** Blocks that stand in memory. */
  blocks: ReadonlyMap<number, Block>;
  apart: ReadonlyMap<number, ActionRecord>;
}

/**
 * Every record of the log in the order of reading, told by its place: what is small of each is at hand, the lines are read
 * when they are asked for. To be closed after use.
 */
export class LogIndex {
  readonly state: LogState;
  readonly #parts: IndexParts;
  /** Columns that were asked for a moment ago: neighbours are asked for one by one. */
  readonly #recent = new Map<string, Column>();
  #findings: KeptFindings | undefined;

  constructor(parts: IndexParts) {
    this.state = parts.state;
    this.#parts = parts;
    this.#findings = parts.findings;
  }

  get blocks(): readonly BlockInfo[] {
    return this.state.blocks;
  }

  column<Name extends ColumnName>(block: number, name: Name): Column<Name> {
    const { blocks, kept } = this.#parts;
    const held = blocks.get(block);
    if (held !== undefined) return held.column(name);
    const key = `${block} ${name}`;
    const recent = this.#recent.get(key) ?? kept!.column(block, name);
    if (this.#recent.size >= mostRecent) this.#recent.clear();
    this.#recent.set(key, recent);
    return recent as Column<Name>;
  }

  /** The files of the log, by their number. */
  get segments(): readonly LogSegment[] {
    return this.#parts.segments;
  }

  /** Everything that was noticed when the log was read. */
  get findings(): Finding[] {
    this.#findings ??= this.#parts.kept!.findings();
    return allFindings(this.#findings);
  }

  /**
   * The records at some places, in their order. What is read is held against what is known of it.
   * @throws LogChanged where it is something else.
   */
  async read(places: readonly number[]): Promise<ActionRecord[]> {
    const { root, segments, apart } = this.#parts;
    const wanted = places.filter((place) => !apart.has(place)).map((place) => this.#linePlace(place));
    const found = await readLinesAgain(root, segments, wanted);
    return places.map((place) => {
      const record = apart.get(place) ?? found.get(place);
      const [block, row] = [Math.floor(place / blockRecords), place % blockRecords];
      if (record === undefined || hashOf(record.snapshotId) !== this.column(block, 'id')[row])
        throw new LogChanged();
      record.atUs = this.column(block, 'at')[row]!;
      return record;
    });
  }

  /** The places of all records with one of some hashes in a column, in their order. */
  placesOf(name: 'id' | 'actionId' | 'action', hashes: ReadonlySet<number>): number[] {
    const places: number[] = [];
    const [only] = hashes.size === 1 ? hashes : [];
    for (const [block, { named }] of this.blocks.entries()) {
      if (named === 0 && name !== 'id') continue;
      const column = this.column(block, name);
      if (only !== undefined) {
        for (let row = column.indexOf(only); row !== -1; row = column.indexOf(only, row + 1))
          places.push(block * blockRecords + row);
      } else {
        for (let row = 0; row < column.length; row++)
          if (hashes.has(column[row]!)) places.push(block * blockRecords + row);
      }
    }
    return places;
  }

  close(): void {
    this.#parts.kept?.close();
  }

  #linePlace(place: number): LinePlace {
    const [block, row] = [Math.floor(place / blockRecords), place % blockRecords];
    const value = (name: ColumnName) => this.column(block, name)[row]!;
    return {
      place,
      segment: this.blocks[block]!.segment,
      offset: value('offset'),
      lengthBytes: value('length'),
      line: value('line'),
      part: value('part'),
    };
  }
}
