import { betterOf, hasResult, isNoResult, mainMetrics, runColumns } from '../browser.ts';
import { ownValue, type RunColumn, type RunDetails } from './types.ts';

/** A run as others are held against it. */
export interface PeerRun {
  slug: string;
  name: string;
  status: string;
  stale: unknown;
  metrics: Readonly<Record<string, number>>;
  hasCurves: boolean;
}

/** What another run reached of a metric. */
export interface HeldAgainst {
  slug: string;
  name: string;
  value: number;
}

/** One of the metrics that a run is judged by. */
export interface KeyMetric {
  name: string;
  value: number;
  /** What is better, as far as anyone says. */
  direction: 'min' | 'max' | undefined;
  /** The run of its name before it. */
  previous: HeldAgainst | undefined;
  /** The best of the others of its name that ended well; undefined where nothing says what is better. */
  best: HeldAgainst | undefined;
}

/** A run whose curves can be drawn beside those of another, and what it is to that. */
export interface BesideRun {
  word: 'previous' | 'best' | 'parent';
  slug: string;
  name: string;
  /** What it is the best of. */
  of?: string;
}

/** What a run is held against. */
export interface RunPeers {
  keys: KeyMetric[];
  beside: BesideRun[];
}

type Subject = Pick<RunDetails, 'slug' | 'metrics' | 'parents' | 'parentSlugs'>;

/** Most metrics that stand first on the page of a run. */
const mostKeys = 4;

/** Holds runs of one name against each other; `members` are newest first. What all pages need is worked out once. */
export function peerGroup(
  members: readonly PeerRun[],
  columns: readonly RunColumn[],
): (run: Subject) => RunPeers {
  const about = new Map(
    columns.filter(({ kind }) => kind === 'metric').map((column) => [column.name, column]),
  );
  const places = new Map(members.map(({ slug }, at) => [slug, at]));
  const ended = members.filter(hasResult);
  const among = ended.map(({ metrics }) => ({ params: {}, metrics, directions: {} }));
  const main = mainMetrics(runColumns(among), ended.length).map(({ name }) => name);
  const tops = new Map<string, HeldAgainst[]>();
  const directionOf = (name: string) => {
    const { direction, disputed } = about.get(name) ?? {};
    return betterOf({ name, direction, disputed });
  };
  /** The best two: one of them is another run, whichever run asks. */
  const topOf = (name: string): HeldAgainst[] => {
    const direction = directionOf(name);
    let top = tops.get(name);
    if (top === undefined) {
      const sign = direction === 'min' ? 1 : -1;
      top =
        direction === undefined
          ? []
          : ended
              .flatMap((member) => heldAt(member, name) ?? [])
              .sort((a, b) => sign * (a.value - b.value))
              .slice(0, 2);
      tops.set(name, top);
    }
    return top;
  };
  const bestBut = (slug: string, name: string) => topOf(name).find((held) => held.slug !== slug);

  return (run) => {
    const own = Object.keys(run.metrics).filter((name) => Number.isFinite(run.metrics[name]));
    const told = main.filter((name) => own.includes(name));
    const others = own.filter((name) => !told.includes(name) && !isNoResult({ kind: 'metric', name }));
    const names = (told.length > 0 ? told : others).slice(0, mostKeys);
    const at = places.get(run.slug);
    const before = at === undefined ? [] : members.slice(at + 1, at + 1 + maxLooked);
    const previous = before.find(
      (member) => member.hasCurves || names.some((name) => heldAt(member, name) !== undefined),
    );
    const keys = names.map(
      (name): KeyMetric => ({
        name,
        value: ownValue(run.metrics, name)!,
        direction: directionOf(name),
        previous: previous && heldAt(previous, name),
        best: bestBut(run.slug, name),
      }),
    );
    // Beside no curve nothing is drawn.
    const isBare = at !== undefined && !members[at]!.hasCurves;
    return { keys, beside: isBare ? [] : besideOf(run, { keys, previous, members, places }) };
  };
}

/** So many runs before one are looked at for one that has the same metrics. */
const maxLooked = 200;

function heldAt({ slug, name, metrics }: PeerRun, metric: string): HeldAgainst | undefined {
  const value = ownValue(metrics, metric);
  return value === undefined || !Number.isFinite(value) ? undefined : { slug, name, value };
}

function besideOf(
  run: Subject,
  given: {
    keys: readonly KeyMetric[];
    previous: PeerRun | undefined;
    members: readonly PeerRun[];
    places: ReadonlyMap<string, number>;
  },
): BesideRun[] {
  const { keys, previous, members, places } = given;
  const found: BesideRun[] = [];
  if (previous?.hasCurves === true)
    found.push({ word: 'previous', slug: previous.slug, name: previous.name });
  const ranked = keys.find(({ best }) => best !== undefined);
  const best = ranked?.best && members[places.get(ranked.best.slug) ?? -1];
  if (ranked !== undefined && best?.hasCurves === true)
    found.push({ word: 'best', slug: best.slug, name: best.name, of: ranked.name });
  const parent = run.parentSlugs.findIndex((slug, at) => slug !== null && run.parents[at]?.kind !== 'data');
  const slug = run.parentSlugs[parent];
  // One of the same name is known not to have any curves.
  const isBare = typeof slug === 'string' && members[places.get(slug) ?? -1]?.hasCurves === false;
  if (typeof slug === 'string' && !isBare)
    found.push({ word: 'parent', slug, name: run.parents[parent]!.name });
  return found;
}
