/** A version as the rail knows it: its name, and the name of the version it leads on from. */
export interface RailVersion {
  name: string;
  base: string | undefined;
}

/** A line within one row, from lane to lane; `middle` is the height of the mark. */
export interface RailLine {
  from: number;
  to: number;
  reach: 'through' | 'above' | 'below';
}

/** One row: where its mark stands, and the lines that pass or meet it. */
export interface RailRow {
  lane: number;
  kind: 'whole' | 'delta';
  lines: RailLine[];
  /** A delta whose base is not among the rows: its line ends at once. */
  isLost: boolean;
}

/** Versions as the rows of a list with their chains drawn beside them. */
export interface Rail {
  rows: RailRow[];
  lanes: number;
}

/** More chains than this at one height are not told apart. */
export const maxLanes = 6;

/**
 * Draws which delta rests on which version, newest first: every delta has a line down to its base. A chain keeps its
 * lane; deltas upon the same base share its line.
 */
export function versionRail(versions: readonly RailVersion[]): Rail {
  const places = new Map(versions.map(({ name }, place) => [name, place]));
  /** What each lane leads to. */
  const lanes: (string | undefined)[] = [];
  let widest = 0;
  const rows = versions.map(({ name, base }, place): RailRow => {
    const expected = lanes.indexOf(name);
    const lane = expected === -1 ? freeLane(lanes) : expected;
    const lines: RailLine[] = [];
    for (const [at, goal] of lanes.entries()) {
      if (goal === undefined) continue;
      lines.push(
        goal === name ? { from: at, to: lane, reach: 'above' } : { from: at, to: at, reach: 'through' },
      );
      if (goal === name) lanes[at] = undefined;
    }
    const isBelow = base !== undefined && (places.get(base) ?? -1) > place;
    if (isBelow) {
      const shared = lanes.indexOf(base);
      lanes[lane] = shared === -1 ? base : lanes[lane];
      lines.push({ from: lane, to: shared === -1 ? lane : shared, reach: 'below' });
    }
    widest = Math.max(widest, lane + 1);
    return {
      lane,
      kind: base === undefined ? 'whole' : 'delta',
      lines,
      isLost: base !== undefined && !isBelow,
    };
  });
  return { rows: rows.map(narrowed), lanes: Math.min(widest, maxLanes) };
}

function freeLane(lanes: readonly (string | undefined)[]): number {
  const free = lanes.indexOf(undefined);
  return free === -1 ? lanes.length : free;
}

/** Lanes beyond the last share it, without their lines. */
function narrowed(row: RailRow): RailRow {
  return {
    ...row,
    lane: Math.min(row.lane, maxLanes - 1),
    lines: row.lines.filter(({ from, to }) => Math.max(from, to) < maxLanes),
  };
}
