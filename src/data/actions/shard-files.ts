import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { displayStatuses } from '../browser.ts';
import { type GroupValues, type ParquetColumn, ParquetFile } from '../publish/parquet-file/file.ts';
import { writeTwin } from '../publish/twin.ts';
import { dayName, noStatusCounts } from './facts.ts';
import type { ActionShard, PublishedFile } from './index.ts';
import type { ActionRow } from './row.ts';

interface RowColumn extends ParquetColumn {
  of(row: ActionRow): GroupValues[number];
}

const rowColumns: readonly RowColumn[] = [
  { name: 'time', kind: 'time', of: ({ atUs }) => atUs },
  { name: 'type', kind: 'text', of: ({ type }) => type },
  { name: 'status', kind: 'text', of: ({ status }) => status },
  { name: 'run', kind: 'text', of: ({ run }) => run },
  { name: 'writer', kind: 'text', of: ({ writer }) => writer },
  { name: 'took_ms', kind: 'double', of: ({ took }) => took },
  { name: 'status_word', kind: 'text', of: ({ status, word }) => (status === 'unknown' ? word : null) },
];
const textColumns: readonly RowColumn[] = [
  { name: 'summary', kind: 'text', isDiverse: true, of: ({ summary }) => summary },
];
const detailColumns: readonly RowColumn[] = [
  { name: 'key', kind: 'text', isDiverse: true, of: ({ key }) => key },
  { name: 'details', kind: 'text', isDiverse: true, of: ({ details }) => details },
  { name: 'error', kind: 'text', isDiverse: true, of: ({ error }) => error },
  { name: 'source', kind: 'text', of: ({ source }) => source },
  { name: 'file', kind: 'text', of: ({ file }) => file },
  { name: 'line', kind: 'int', of: ({ line }) => line },
  { name: 'status_word', kind: 'text', of: ({ word }) => word },
  { name: 'status_from', kind: 'text', of: ({ wordFrom }) => wordFrom },
  { name: 'zoneless', kind: 'flag', of: ({ zoneless }) => zoneless },
  { name: 'started_at', kind: 'time', of: ({ started }) => started },
  { name: 'ended_at', kind: 'time', of: ({ ended }) => ended },
  { name: 'history', kind: 'text', isDiverse: true, of: ({ history }) => history },
  { name: 'extra', kind: 'text', of: ({ extra }) => extra },
];

/** Of a text in UTF-8, what costs least for the bytes that it saves. */
const gzipLevel = 6;
const maxTypes = 50;
const dayUs = 86_400e6;

/** The files of one shard on their way: rows come one by one, and leave in groups. */
export class ShardFiles {
  readonly #rows = new GroupedFile(rowColumns);
  readonly #text = new GroupedFile(textColumns);
  readonly #details = new GroupedFile(detailColumns);
  readonly #groupRows: number;
  readonly #byStatus = noStatusCounts();
  readonly #byType = new Map<string, number>();
  readonly #byDay: Record<string, number[]> = {};
  #count = 0;
  #fromUs: number | null = null;
  #toUs: number | null = null;
  #day: number[] = [];
  #dayEnds = Number.NEGATIVE_INFINITY;

  /** `groupRows` of text and details lie together. */
  constructor(groupRows: number) {
    this.#groupRows = groupRows;
  }

  /** Takes the next row. */
  add(row: ActionRow): void {
    const { atUs, status, type } = row;
    this.#rows.add(row);
    this.#text.add(row);
    this.#details.add(row);
    this.#count += 1;
    if (this.#count % this.#groupRows === 0) {
      this.#text.endGroup();
      this.#details.endGroup();
    }
    this.#fromUs ??= atUs;
    this.#toUs = atUs;
    this.#byStatus[status] += 1;
    this.#byType.set(type, (this.#byType.get(type) ?? 0) + 1);
    if (atUs >= this.#dayEnds) {
      const day = Math.floor(atUs / dayUs);
      this.#dayEnds = (day + 1) * dayUs;
      this.#day = displayStatuses.map(() => 0);
      this.#byDay[dayName(day)] = this.#day;
    }
    this.#day[displayStatuses.indexOf(status)]! += 1;
  }

  /** Writes the files into a folder, with their twins. */
  write(folder: string, number: number, start: number): ActionShard {
    const write = (kind: string, file: GroupedFile) =>
      writeNamed(folder, `${kind}-${suffixOf(number)}`, file.finish());
    const types = [...this.#byType].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    return {
      rows: write('rows', this.#rows),
      text: write('text', this.#text),
      details: write('details', this.#details),
      count: this.#count,
      start,
      fromUs: this.#fromUs,
      toUs: this.#toUs,
      byStatus: this.#byStatus,
      byType: Object.fromEntries(types.slice(0, maxTypes)),
      byDay: this.#byDay,
    };
  }
}

/** How files name the number of their shard. */
export function suffixOf(number: number): string {
  return String(number).padStart(4, '0');
}

/**
 * Writes a file and its twin. The name ends with a checksum of the content: a page with an older index, or a browser with an
 * older file, never takes the one for the other.
 */
export function writeNamed(folder: string, name: string, bytes: Buffer): PublishedFile {
  const named = `${name}-${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}`;
  writeFileSync(join(folder, `${named}.parquet`), bytes);
  writeTwin(folder, 'actions/', named, bytes);
  return { file: `${named}.parquet`, bytes: bytes.length };
}

class GroupedFile {
  readonly #columns: readonly RowColumn[];
  readonly #file: ParquetFile;
  #waiting: GroupValues[number][][];

  constructor(columns: readonly RowColumn[]) {
    this.#columns = columns;
    this.#file = new ParquetFile(columns, gzipLevel);
    this.#waiting = columns.map(() => []);
  }

  add(row: ActionRow): void {
    for (let at = 0; at < this.#columns.length; at++) this.#waiting[at]!.push(this.#columns[at]!.of(row));
  }

  endGroup(): void {
    if (this.#waiting[0]!.length === 0) return;
    this.#file.addGroup(this.#waiting);
    this.#waiting = this.#columns.map(() => []);
  }

  finish(): Buffer {
    this.endGroup();
    return this.#file.finish();
  }
}
