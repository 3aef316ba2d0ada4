import type { VersionView } from './types.ts';

/** How the versions of a list rest on each other. */
export interface VersionLinks {
  placeOf(version: string): number | undefined;
  viewOf(version: string | undefined): VersionView | undefined;
  /** Deltas upon a version, oldest first. */
  upon(version: string): readonly VersionView[];
}

const known = new WeakMap<readonly VersionView[], VersionLinks>();

/** The links of a list of versions; made once for each list. */
export function versionLinks(views: readonly VersionView[]): VersionLinks {
  const links = known.get(views) ?? makeLinks(views);
  known.set(views, links);
  return links;
}

function makeLinks(views: readonly VersionView[]): VersionLinks {
  const places = new Map(views.map(({ version }, place) => [version, place]));
  const upon = new Map<string, VersionView[]>();
  for (const view of [...views].reverse()) {
    if (view.base === undefined) continue;
    const deltas = upon.get(view.base);
    if (deltas === undefined) upon.set(view.base, [view]);
    else deltas.push(view);
  }
  return {
    placeOf: (version) => places.get(version),
    viewOf: (version) => views[places.get(version ?? '') ?? -1],
    upon: (version) => upon.get(version) ?? [],
  };
}

/** The way from a version down to the whole one that starts its chain, itself first; it ends where a base is not there. */
export function wayDown(views: readonly VersionView[], version: string): VersionView[] {
  const { viewOf } = versionLinks(views);
  const way = new Set<VersionView>();
  for (let at = viewOf(version); at !== undefined && !way.has(at); at = viewOf(at.base)) way.add(at);
  return [...way];
}

/** What rests on a version, near and far, at most `most`. */
export function restingOn(views: readonly VersionView[], version: string, most: number): VersionView[] {
  const { upon } = versionLinks(views);
  const found = new Set<VersionView>(upon(version));
  for (const view of found) {
    if (found.size >= most) break;
    for (const next of upon(view.version)) if (next.version !== version) found.add(next);
  }
  return [...found].slice(0, most);
}

/** How many chains the versions form, and the length of the longest. */
export function countChains(views: readonly VersionView[]): { chains: number; longest: number } {
  const { upon, viewOf } = versionLinks(views);
  let [chains, longest] = [0, 0];
  let level = views.filter(({ base }) => viewOf(base) === undefined);
  chains = level.filter(({ version }) => upon(version).length > 0).length;
  for (const seen = new Set<VersionView>(level); level.length > 0; longest += 1) {
    level = level.flatMap(({ version }) => upon(version)).filter((view) => !seen.has(view));
    for (const view of level) seen.add(view);
  }
  return { chains, longest };
}
