/** So many records make a block: a column of one is 16 to 128 KiB, and what an extension writes again is less than 1 MiB. */
export const blockRecords = 16_384;

const shapes = {
  /** Microseconds since 1970 UTC. */
  at: Float64Array,
  /** Where the line begins in its file. */
  offset: Float64Array,
  /** Bytes of the line without its line break. */
  length: Uint32Array,
  /** Number of the line in its file, from 1. */
  line: Uint32Array,
  /** Number of the type in the list of types. */
  type: Uint32Array,
  /** Number of the status in the list of statuses that are shown. */
  status: Uint8Array,
  /** Which record of its line. */
  part: Uint32Array,
  /** Hash of the snapshot id. */
  id: Uint32Array,
  /** Hash of the action id, 0 where there is none. */
  actionId: Uint32Array,
  /** The same for records of one action and for no others: one more than the place of the first; 0 where there is no id. */
  action: Uint32Array,
} as const;

/** What is kept of every record. */
export type ColumnName = keyof typeof shapes;
/** One kind of value of the records of a block. */
export type Column<Name extends ColumnName = ColumnName> = InstanceType<(typeof shapes)[Name]>;
/** What is kept of one record. */
export type Row = Record<ColumnName, number>;

/** All columns, in the order in which they are numbered in files: new ones come last. */
export const columnNames = Object.keys(shapes) as ColumnName[];

/** What tells whether a block has to be looked at. */
export interface BlockInfo {
  /** Which file of the log; -1 for records that stand in none. */
  segment: number;
  count: number;
  leastUs: number;
  mostUs: number;
  /** How many have an action id. */
  named: number;
}

/** Records that follow each other in one file of the log, column by column. */
export class Block {
  readonly info: BlockInfo;
  readonly #columns: { [Name in ColumnName]: Column<Name> };

  constructor(info: BlockInfo, columns?: Partial<Record<ColumnName, Column>>) {
    this.info = info;
    this.#columns = Object.fromEntries(
      columnNames.map((name) => {
        const column = new shapes[name](blockRecords);
        if (columns?.[name] !== undefined) column.set(columns[name]);
        return [name, column];
      }),
    ) as never;
  }

  get isFull(): boolean {
    return this.info.count === blockRecords;
  }

  add(row: Row): void {
    const { info } = this;
    const to = this.#columns;
    const at = info.count;
    to.at[at] = row.at;
    to.offset[at] = row.offset;
    to.length[at] = row.length;
    to.line[at] = row.line;
    to.type[at] = row.type;
    to.status[at] = row.status;
    to.part[at] = row.part;
    to.id[at] = row.id;
    to.actionId[at] = row.actionId;
    to.action[at] = row.action;
    info.count += 1;
    if (row.actionId !== 0) info.named += 1;
    info.leastUs = Math.min(info.leastUs, row.at);
    info.mostUs = Math.max(info.mostUs, row.at);
  }

  column<Name extends ColumnName>(name: Name): Column<Name> {
    return this.#columns[name].subarray(0, this.info.count) as Column<Name>;
  }
}

/** An empty block of a file of the log. */
export function emptyBlock(segment: number): Block {
  return new Block({
    segment,
    count: 0,
    leastUs: Number.POSITIVE_INFINITY,
    mostUs: Number.NEGATIVE_INFINITY,
    named: 0,
  });
}

/** The values of a column from its bytes; undefined where they are not as many as they should be. */
export function columnOf<Name extends ColumnName>(
  name: Name,
  bytes: Uint8Array,
  count: number,
): Column<Name> | undefined {
  const Shape = shapes[name];
  if (bytes.byteLength !== count * Shape.BYTES_PER_ELEMENT) return undefined;
  const isAligned = bytes.byteOffset % Shape.BYTES_PER_ELEMENT === 0;
  const { buffer, byteOffset } = isAligned ? bytes : Uint8Array.from(bytes);
  return new Shape(buffer as ArrayBuffer, byteOffset, count) as Column<Name>;
}

/** A number that most texts have alone: what it finds is looked at again. Never 0. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 15;
  return hash >>> 0 || 1;
}
