import { type FileKind, type GitEntries, type GitEntry, isLink } from './book-files.ts';

/** A file as it stands in the work tree. */
export interface FileHere {
  mode: string;
  /** Undefined for what is read only when it is needed: logs, which grow, and what is not published. */
  oid: string | undefined;
}

/** Both sides of a merge, and what decides where they differ. */
export interface MergeSides {
  ours: ReadonlyMap<string, FileHere>;
  theirs: GitEntries;
  /** Commits that both sides come from: who has a file as one of them did has not changed it. */
  bases: readonly GitEntries[];
  kindOf(path: string): FileKind;
  /** Files of ours that are not to be published. */
  isKept(path: string): boolean;
  /** Files of theirs that were deleted here, or are left out here by wish: they do not come back. */
  isUnwanted(path: string): boolean;
  /** Whether a name is taken by anything else that stands in the work tree. */
  isTaken(path: string): boolean;
  /** Records of theirs that are not what their name says, so that ours keep the name. */
  damaged: ReadonlySet<string>;
  /** Files of ours that hold what both sides said. */
  joined: ReadonlySet<string>;
  /** Files that were taken away on purpose and that the book says so of: they leave the branch, too. */
  isDropped(path: string): boolean;
  /** A branch of the book's own is a copy: the settings come from what is checked out here. */
  isCopy: boolean;
}

/** What a merge does. Nothing of ours is replaced but what is `over`, and only while it still has that id. */
export interface MergePlan {
  /** What the commit will hold; logs and what follows from the rest are still to come. */
  entries: GitEntries;
  /** Files of ours that go to another name, before anything is written. */
  moves: { from: string; to: string }[];
  /** Files of theirs to write; `over` is the id of ours that each replaces. */
  writes: Map<string, { entry: GitEntry; over: string | undefined }>;
  /** Logs to bring together. */
  unite: string[];
  /** Changed on both sides and impossible to merge: the remote keeps its file, the work tree its own. */
  conflicts: string[];
  /** Files that leave the branch. */
  dropped: string[];
  /** Names that have been chosen for files of ours, or theirs. */
  chosen: Set<string>;
}

/**
 * Decides how two books become one. Nothing of either side is lost: logs get the union of their lines, of two records
 * with one name ours takes the next free one, and what changed on one side only is taken from there.
 */
export function planMerge(sides: MergeSides): MergePlan {
  const plan: MergePlan = {
    entries: new Map(),
    moves: [],
    writes: new Map(),
    unite: [],
    conflicts: [],
    dropped: [],
    chosen: new Set(),
  };
  for (const path of [...new Set([...sides.theirs.keys(), ...sides.ours.keys()])].sort(byNumber)) {
    if (sides.isDropped(path)) {
      plan.dropped.push(path);
      continue;
    }
    const kind = sides.kindOf(path);
    const own = sides.ours.get(path);
    // Both follow from the rest.
    if (kind === 'latest' || (kind === 'derived' && own !== undefined)) continue;
    const their = sides.theirs.get(path);
    if (own === undefined) takeTheirs(sides, plan, path, their!, kind);
    else if (their === undefined) keepOurs(sides, plan, path, own, kind);
    else mergeFile(sides, plan, path, own, their, kind);
  }
  return plan;
}

/** In order of their numbers, so that the plain name comes first and _2 before _10. */
const collator = new Intl.Collator('en', { numeric: true });
const bare = (path: string) => path.replace(/\.[^/]*$/, '');
const byNumber = (a: string, b: string) => collator.compare(bare(a), bare(b)) || (a < b ? -1 : 1);

function takeTheirs(sides: MergeSides, plan: MergePlan, path: string, their: GitEntry, kind: FileKind): void {
  plan.entries.set(path, their);
  if (sides.isUnwanted(path) || isLink(their.mode) || isFolderHere(sides, path)) return;
  if (sides.isCopy && kind === 'settings') return;
  if (kind === 'log') plan.unite.push(path);
  else plan.writes.set(path, { entry: their, over: undefined });
}

function keepOurs(sides: MergeSides, plan: MergePlan, path: string, own: FileHere, kind: FileKind): void {
  const stands = standsWith(sides, path);
  if (stands === 'file-on-folder' && (kind === 'record' || kind === 'other'))
    moveOurs(sides, plan, path, own);
  else if (stands !== undefined) plan.conflicts.push(path);
  else if (sides.isKept(path)) return;
  else if (own.oid === undefined) plan.unite.push(path);
  else plan.entries.set(path, { mode: own.mode, oid: own.oid });
}

function mergeFile(
  sides: MergeSides,
  plan: MergePlan,
  path: string,
  own: FileHere,
  their: GitEntry,
  kind: FileKind,
): void {
  const { oid } = own;
  const isOurs = !sides.isKept(path);
  plan.entries.set(path, their);
  if (oid === their.oid || sides.isUnwanted(path)) return;
  if (isLink(their.mode)) {
    plan.conflicts.push(path);
  } else if (kind === 'log') {
    plan.unite.push(path);
  } else if (oid === undefined) {
    // Not known is only what is not published; the one who needs to know reads it before the merge is planned.
  } else if (sides.isCopy && kind === 'settings') {
    if (isOurs) plan.entries.set(path, { mode: own.mode, oid });
  } else if (sides.joined.has(path)) {
    if (isOurs) plan.entries.set(path, { mode: own.mode, oid });
  } else if (sides.bases.some((base) => base.get(path)?.oid === oid)) {
    plan.writes.set(path, { entry: their, over: oid });
  } else if (sides.bases.some((base) => base.get(path)?.oid === their.oid)) {
    if (isOurs) plan.entries.set(path, { mode: own.mode, oid });
  } else if (kind === 'record' || kind === 'other') {
    keepBoth(sides, plan, path, { mode: own.mode, oid }, their);
  } else {
    plan.conflicts.push(path);
  }
}

function keepBoth(sides: MergeSides, plan: MergePlan, path: string, own: GitEntry, their: GitEntry): void {
  if (sides.damaged.has(path) && !sides.isKept(path)) {
    const to = freeName(sides, plan, path);
    plan.entries.set(path, own).set(to, their);
    plan.writes.set(to, { entry: their, over: undefined });
    return;
  }
  const twin = twinOf(sides, path, own.oid);
  if (twin === undefined) moveOurs(sides, plan, path, own);
  else if (!sides.ours.has(twin)) plan.writes.set(twin, { entry: own, over: undefined });
  plan.writes.set(path, { entry: their, over: own.oid });
}

/** Our file under another name: it was moved there before, and what happened then came no further. */
function twinOf({ ours, theirs }: MergeSides, path: string, oid: string): string | undefined {
  const { stem, ending } = familyOf(path);
  const isFamily = (name: string) => {
    const other = familyOf(name);
    return name !== path && other.stem === stem && other.ending === ending;
  };
  for (const [name, entry] of theirs) if (entry.oid === oid && isFamily(name)) return name;
  for (const [name, file] of ours) if (file.oid === oid && !theirs.has(name) && isFamily(name)) return name;
  return undefined;
}

function moveOurs(sides: MergeSides, plan: MergePlan, path: string, own: FileHere): void {
  const to = freeName(sides, plan, path);
  plan.moves.push({ from: path, to });
  if (own.oid !== undefined && !sides.isKept(path)) plan.entries.set(to, { mode: own.mode, oid: own.oid });
}

/** "periodic_20251222_023211.json" -> "periodic_20251222_023211_2.json", or the next number that nobody has or had. */
function freeName({ ours, theirs, bases, isTaken }: MergeSides, plan: MergePlan, path: string): string {
  const { stem, number, ending } = familyOf(path);
  for (let next = number + 1; ; next++) {
    const name = `${stem}_${next}${ending}`;
    const isUsed =
      ours.has(name) ||
      theirs.has(name) ||
      plan.chosen.has(name) ||
      bases.some((base) => base.has(name)) ||
      standsWith({ ours, theirs }, name) !== undefined ||
      isTaken(name);
    if (isUsed) continue;
    plan.chosen.add(name);
    return name;
  }
}

/** A number of at most four digits tells files of one name apart; longer ones are times. */
function familyOf(path: string): { stem: string; number: number; ending: string } {
  const [, name = path, ending = ''] = /^(.*?[^/])((?:\.jsonl)?\.[A-Za-z0-9]+)$/s.exec(path) ?? [];
  const [, stem = name, digits] = /^(.*)_([2-9]|[1-9]\d{1,3})$/s.exec(name) ?? [];
  return { stem, number: digits === undefined ? 1 : Number(digits), ending };
}

/** Where one side has a file and the other a folder, as git sees it. */
function standsWith(
  { theirs }: Pick<MergeSides, 'ours' | 'theirs'>,
  path: string,
): 'file-on-folder' | 'folder-on-file' | undefined {
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1))
    if (theirs.has(path.slice(0, at))) return 'folder-on-file';
  return foldersOf(theirs).has(path) ? 'file-on-folder' : undefined;
}

function isFolderHere({ ours }: MergeSides, path: string): boolean {
  return foldersOf(ours).has(path) || hasFileAbove(ours, path);
}

function hasFileAbove(files: ReadonlyMap<string, unknown>, path: string): boolean {
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1))
    if (files.has(path.slice(0, at))) return true;
  return false;
}

const known = new WeakMap<ReadonlyMap<string, unknown>, Set<string>>();

function foldersOf(files: ReadonlyMap<string, unknown>): Set<string> {
  let folders = known.get(files);
  if (folders !== undefined) return folders;
  folders = new Set();
  for (const path of files.keys())
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      if (folders.has(path.slice(0, at))) break;
      folders.add(path.slice(0, at));
    }
  known.set(files, folders);
  return folders;
}
