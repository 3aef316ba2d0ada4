import type { StatusName } from './status-shape.ts';

/** Something that takes part in lineage: a run, an input, or a previous stage that is not in this book. */
export interface LineageItem {
  id: string;
  label: string;
  /** What it belongs to: "results/train". Only members of one group are ever shown as one. */
  group: string;
  kind: 'run' | 'data' | 'stage';
  status: StatusName | undefined;
}

/** `to` was made from `from`. */
export interface LineageLink {
  from: string;
  to: string;
  kind: 'stage' | 'sweep' | 'rerun' | 'data';
}

/** Items of one group that stand at the same place of the graph; often just one. */
export interface LineageGroup {
  /** Id of its first item: the same as long as that item leads the group. */
  id: string;
  label: string;
  kind: LineageItem['kind'];
  items: LineageItem[];
}

/** A graph small enough to look at. */
export interface GroupedLineage {
  groups: LineageGroup[];
  /** Links between groups; `count` is how many links of items one stands for. */
  links: (LineageLink & { count: number })[];
  /** Items without any link. */
  alone: LineageItem[];
}

/** Up to so many items are all shown one by one. */
const maxSingleBoxes = 24;
/** More boxes than this are neither laid out in reasonable time nor looked at: then ever more is taken together. */
const maxBoxes = 400;

/**
 * Gathers runs of one group that stand in the same layer, so that forty tasks of a sweep are one, and inputs that the same
 * groups use. A few items stay single. The same for the same items and links in any order; links to unknown items and
 * loops are left out.
 */
export function groupLineage(items: LineageItem[], links: LineageLink[]): GroupedLineage {
  const known = new Map(items.map((item) => [item.id, item]));
  const telling = links.filter(({ from, to }) => from !== to && known.has(from) && known.has(to));
  const linked = new Set(telling.flatMap(({ from, to }) => [from, to]));
  const sorted = [...known.values()].sort(byGroupAndLabel);
  const members = sorted.filter(({ id }) => linked.has(id));
  const classOf = classes(members, telling);
  const gathered = new Map<string, LineageItem[]>();
  for (const item of members) {
    const key = classOf.get(item.id)!;
    const list = gathered.get(key);
    if (list === undefined) gathered.set(key, [item]);
    else list.push(item);
  }
  const groups = [...gathered.values()].map((list) => groupOf(list));
  const groupIds = new Map(groups.flatMap((group) => group.items.map(({ id }) => [id, group.id])));
  return {
    groups,
    links: linksOfGroups(telling, groupIds),
    alone: sorted.filter(({ id }) => !linked.has(id)),
  };
}

/** Direct parents and children by id. */
export interface LineageNeighbours {
  up: Map<string, string[]>;
  down: Map<string, string[]>;
}

/** Reads links once, so that any number of questions can be asked. */
export function lineageNeighbours(links: readonly Pick<LineageLink, 'from' | 'to'>[]): LineageNeighbours {
  const [up, down] = [new Map<string, string[]>(), new Map<string, string[]>()];
  const add = (to: Map<string, string[]>, key: string, value: string) => {
    const list = to.get(key);
    if (list === undefined) to.set(key, [value]);
    else list.push(value);
  };
  for (const { from, to } of links) {
    add(up, to, from);
    add(down, from, to);
  }
  return { up, down };
}

/** Everything an item was made from, and everything made from it, in any number of steps; at most `most` of each, the nearest. */
export function relatives(
  neighbours: LineageNeighbours,
  id: string,
  most = Number.POSITIVE_INFINITY,
): { ancestors: Set<string>; descendants: Set<string> } {
  return {
    ancestors: reached(neighbours.up, id, most),
    descendants: reached(neighbours.down, id, most),
  };
}

function reached(next: Map<string, string[]>, start: string, most: number): Set<string> {
  const found = new Set<string>();
  const waiting = [start];
  for (let at = 0; at < waiting.length; at++) {
    for (const one of next.get(waiting[at]!) ?? []) {
      if (found.size >= most) return found;
      if (one === start || found.has(one)) continue;
      found.add(one);
      waiting.push(one);
    }
  }
  return found;
}

/** A name of its class for each item; the coarser, the more there would be. */
function classes(items: LineageItem[], links: LineageLink[]): Map<string, string> {
  if (items.length <= maxSingleBoxes) return new Map(items.map(({ id }) => [id, id]));
  const layers = layersOf(items, links);
  const named = (nameOf: (item: LineageItem) => string) =>
    new Map(items.map((item) => [item.id, nameOf(item)]));
  let runs = named(({ id, kind, group }) => `${kind}\0${group}\0${layers.get(id)}`);
  if (distinct(runs) > maxBoxes) runs = named(({ kind, group }) => `${kind}\0${group}`);
  for (let parts = 3; distinct(runs) > maxBoxes && parts >= 0; parts--)
    runs = named(({ kind, group }) => `${kind}\0${folderOf(group, parts)}`);
  const users = lineageNeighbours(links).down;
  return named(({ id, kind }) =>
    kind === 'run' ? runs.get(id)! : `${kind}\0${classList(users.get(id) ?? [], runs)}`,
  );
}

/** How many steps lie between an item and what nothing was made for: the longest way counts. Circles end up together. */
function layersOf(items: LineageItem[], links: LineageLink[]): Map<string, number> {
  const kinds = new Map(items.map(({ id, kind }) => [id, kind]));
  const { down } = lineageNeighbours(links);
  const open = new Map(items.map(({ id }) => [id, 0]));
  for (const { to } of links) open.set(to, open.get(to)! + 1);
  const layers = new Map(items.map(({ id }) => [id, 0]));
  const waiting = items.filter(({ id }) => open.get(id) === 0).map(({ id }) => id);
  for (let at = 0; at < waiting.length; at++) {
    const id = waiting[at]!;
    // An input is not a step of its own: the one who uses it may be a first stage all the same.
    const next = layers.get(id)! + (kinds.get(id) === 'run' ? 1 : 0);
    for (const child of down.get(id) ?? []) {
      layers.set(child, Math.max(layers.get(child)!, next));
      open.set(child, open.get(child)! - 1);
      if (open.get(child) === 0) waiting.push(child);
    }
  }
  for (const [id, left] of open) if (left > 0) layers.set(id, Number.MAX_SAFE_INTEGER);
  return layers;
}

function distinct(names: Map<string, string>): number {
  return new Set(names.values()).size;
}

/** The first parts of a group's name: of "results/train/lr" two are "results/train". */
function folderOf(group: string, parts: number): string {
  return group.split('/').slice(0, parts).join('/');
}

function classList(ids: string[], of: Map<string, string>): string {
  return [...new Set(ids.map((id) => of.get(id) ?? ''))].sort().join(',');
}

function groupOf(items: LineageItem[]): LineageGroup {
  const first = items[0]!;
  return {
    id: first.id,
    label: items.length === 1 ? first.label : commonFolder(items.map(({ group }) => group)),
    kind: first.kind,
    items,
  };
}

function commonFolder(groups: string[]): string {
  const parts = groups[0]!.split('/');
  const same = parts.findIndex((part, at) => groups.some((group) => group.split('/')[at] !== part));
  return same === -1 ? groups[0]! : parts.slice(0, same).join('/');
}

function linksOfGroups(links: LineageLink[], groupIds: Map<string, string>): GroupedLineage['links'] {
  const gathered = new Map<string, LineageLink & { count: number }>();
  for (const link of links) {
    const [from, to] = [groupIds.get(link.from)!, groupIds.get(link.to)!];
    if (from === to) continue;
    const key = `${link.kind}\0${from}\0${to}`;
    const found = gathered.get(key);
    if (found === undefined) gathered.set(key, { from, to, kind: link.kind, count: 1 });
    else found.count += 1;
  }
  return [...gathered.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, link]) => link);
}

function byGroupAndLabel(a: LineageItem, b: LineageItem): number {
  return (
    compare(a.kind, b.kind) ||
    compare(a.group, b.group) ||
    compareNames(a.label, b.label) ||
    compare(a.id, b.id)
  );
}

/** Numbers inside names by their value: run_9 before run_10. */
function compareNames(a: string, b: string): number {
  const pad = (text: string) => text.replace(/\d+/g, (digits) => digits.padStart(12, '0'));
  return compare(pad(a), pad(b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
