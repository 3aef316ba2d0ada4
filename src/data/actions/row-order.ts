import type { LineTable, Stamp } from './line-table.ts';

/** The actions of a table of lines, oldest first: each is one line, or several that share an id. */
export interface RowOrder {
  /** The first line of each action. */
  rows: Uint32Array;
  /** Further lines of actions. */
  joined: number;
  /** All lines of the action that begins with a line, oldest first. */
  linesOf(row: number): ArrayLike<number>;
  /** What is counted of the action that begins with a line, by its number in the table. */
  stampOf(row: number): number;
  /** Number of its run, from 1; 0 for none. */
  runOf(row: number): number;
}

/**
 * Joins the lines of a table that share an action id, and sorts the actions by time, and those of one time by their place in
 * the log. Nearly all stand in their order already: those are passed over, and only what is left is sorted.
 */
export function rowOrder(table: LineTable): RowOrder {
  const { starts, members } = membersOf(table);
  const first = (group: number) => members[starts[group]!]!;
  const linesOf = (row: number): ArrayLike<number> => {
    const group = table.group(row);
    return group === 0 ? [row] : members.subarray(starts[group], starts[group + 1]);
  };
  const stamps = new Uint32Array(table.groupCount + 1);
  const runs = new Uint32Array(table.groupCount + 1);
  // Most actions of two lines are alike.
  const known = new Map<number, number>();
  for (let group = 1; group <= table.groupCount; group++) {
    const lines = linesOf(first(group));
    const pair = lines.length === 2 ? table.stamp(lines[0]!) * 2 ** 26 + table.stamp(lines[1]!) : -1;
    stamps[group] =
      lines.length === 1 ? table.stamp(lines[0]!) : (known.get(pair) ?? joinedStamp(table, lines));
    if (pair >= 0) known.set(pair, stamps[group]!);
    for (let at = 0; at < lines.length; at++) runs[group] = table.run(lines[at]!) || runs[group]!;
  }
  const rows = sortedRows(table, (line, group) => first(group) === line);
  return {
    rows,
    joined: table.count - rows.length,
    linesOf,
    stampOf: (row) => (table.group(row) === 0 ? table.stamp(row) : stamps[table.group(row)]!),
    runOf: (row) => (table.group(row) === 0 ? table.run(row) : runs[table.group(row)]!),
  };
}

/** It began as its first line says, and is now what the last one says. */
function joinedStamp(table: LineTable, lines: ArrayLike<number>): number {
  const stamp = (at: number) => table.stamps[table.stamp(lines[at]!)]!;
  const last = stamp(lines.length - 1);
  let writer: Stamp['writer'] = null;
  for (let at = 0; at < lines.length; at++) writer = stamp(at).writer ?? writer;
  return table.stampCode({ ...last, writer, endable: true, zoneless: stamp(0).zoneless });
}

/** The lines of each action that has an id, oldest first, one action behind the other. */
function membersOf(table: LineTable): { starts: Uint32Array; members: Uint32Array } {
  const starts = new Uint32Array(table.groupCount + 2);
  for (const { chunk, count } of table.parts()) {
    const { group } = chunk;
    for (let at = 0; at < count; at++) if (group[at] !== 0) starts[group[at]! + 1]! += 1;
  }
  for (let group = 1; group < starts.length; group++) starts[group]! += starts[group - 1]!;
  const members = new Uint32Array(starts[starts.length - 1]!);
  const next = starts.slice();
  for (const { chunk, count, first } of table.parts()) {
    for (let at = 0; at < count; at++) {
      const group = chunk.group[at]!;
      if (group === 0) continue;
      const atUs = chunk.at[at]!;
      let place = next[group]!++;
      // Lines come in the order of the log, which is nearly that of time.
      for (; place > starts[group]! && table.at(members[place - 1]!) > atUs; place--)
        members[place] = members[place - 1]!;
      members[place] = first + at;
    }
  }
  return { starts, members };
}

/** `isRow` says of a line of an action with an id whether it is the first. */
function sortedRows(table: LineTable, isRow: (line: number, group: number) => boolean): Uint32Array {
  const ordered = new Uint32Array(table.count);
  const late: number[] = [];
  let [count, newest] = [0, Number.NEGATIVE_INFINITY];
  for (const { chunk, count: lines, first } of table.parts()) {
    const { at: times, group: groups } = chunk;
    for (let at = 0; at < lines; at++) {
      const group = groups[at]!;
      if (group !== 0 && !isRow(first + at, group)) continue;
      const atUs = times[at]!;
      if (atUs >= newest) {
        newest = atUs;
        ordered[count++] = first + at;
      } else late.push(first + at);
    }
  }
  if (late.length === 0) return ordered.subarray(0, count);
  const before = (a: number, b: number) => table.at(a) - table.at(b) || a - b;
  late.sort(before);
  // From the end, so that one array is enough.
  let [from, to] = [count - 1, count + late.length - 1];
  const end = to + 1;
  for (let at = late.length - 1; at >= 0; to--) {
    if (from >= 0 && before(ordered[from]!, late[at]!) > 0) ordered[to] = ordered[from--]!;
    else ordered[to] = late[at--]!;
  }
  return ordered.subarray(0, end);
}
