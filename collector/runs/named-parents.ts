import type { JoinedRun } from './join.ts';
import type { RunRecord } from './record.ts';

/**
 * Fills in the keys of parents that evidence names by an id: `runs` are the records of `joined`, in the same order. Where
 * several runs have the id, as copies of a folder do, the one that lies nearest is meant.
 */
export function resolveNamedParents(joined: readonly JoinedRun[], runs: readonly RunRecord[]): void {
  if (!joined.some(({ evidence }) => evidence.some(({ says }) => says.parents !== undefined))) return;
  const byId = new Map<string, RunRecord[]>();
  for (const [at, { evidence }] of joined.entries()) {
    for (const id of new Set(evidence.flatMap(({ ids }) => ids ?? []))) {
      const known = byId.get(id);
      if (known === undefined) byId.set(id, [runs[at]!]);
      else known.push(runs[at]!);
    }
  }
  for (const [at, { evidence }] of joined.entries()) {
    const named = evidence.find(({ says }) => says.parents !== undefined)?.says.parents ?? [];
    const child = runs[at]!;
    child.parents = named.flatMap(({ id, name, kind, path }) => {
      const found = nearest(byId.get(id) ?? [], child);
      return found === child ? [] : [{ key: found?.key, name: found?.name ?? name, kind, path }];
    });
  }
}

function nearest(candidates: readonly RunRecord[], { place }: RunRecord): RunRecord | undefined {
  let best = candidates[0];
  for (const each of candidates.slice(1))
    if (sharedStart(each.place, place) > sharedStart(best!.place, place)) best = each;
  return best;
}

function sharedStart(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}
