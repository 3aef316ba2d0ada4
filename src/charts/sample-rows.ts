/** Fewest rows of a group that stay, however rare it is: what failed once among many is what readers look for. */
const least = 60;

/**
 * At most about `most` of the rows, each group by its share but never without a trace, spread over all of them in their
 * order. The same rows give the same choice, and no rhythm in them is mistaken for the whole.
 */
export function sampleRows(
  rows: readonly number[],
  most: number,
  groupOf: (row: number) => number,
): number[] {
  if (rows.length <= most) return [...rows];
  const groups = new Map<number, number[]>();
  for (const [at, row] of rows.entries()) {
    const group = groupOf(row);
    const known = groups.get(group);
    if (known === undefined) groups.set(group, [at]);
    else known.push(at);
  }
  const chosen: number[] = [];
  for (const places of groups.values()) {
    const share = Math.floor((most * places.length) / rows.length);
    const count = Math.min(places.length, Math.max(share, least));
    for (let part = 0; part < count; part++) {
      // Within each part another place: the golden ratio keeps out of step with whatever repeats.
      const within = (part * 0.618034) % 1;
      chosen.push(places[Math.floor(((part + within) * places.length) / count)] as number);
    }
  }
  return chosen.sort((a, b) => a - b).map((at) => rows[at] as number);
}
