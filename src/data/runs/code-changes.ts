import type { ReceiptRepository } from '../../../collector/formats/receipts/record.ts';
import { isObject } from '../browser.ts';

/** Files that differ between the code of two runs. */
export interface CodeChange {
  /** At most 200. */
  files: { path: string; change: 'added' | 'removed' | 'changed'; lines: string }[];
  /** How many differ in all. */
  count: number;
  /** What changed in them, as git writes it, from the older to the newer; undefined where it is not known. */
  patch?: CodePatchText;
}

/** A patch as far as it is published. */
export interface CodePatchText {
  /** cut: only its beginning; secret: something in it looks like one; long: no room for any of it. */
  state: 'whole' | 'cut' | 'secret' | 'long';
  text: string;
}

/** data/runs/code.json: what is known of the difference between two trees, by "older newer". */
export type CodeChanges = Record<string, CodeChange>;

/** What stands for the code of a repository: the tree of everything in its work tree, else its commit. */
export function codeKey({ tree, commit, raw }: ReceiptRepository): string | undefined {
  const workTree = raw['work_tree'];
  return typeof workTree === 'string' ? workTree : (tree ?? commit);
}

/**
 * The repositories whose code a run was made from, by their names: those of its receipt, else the one commit that another
 * of its files names.
 */
export function repositoriesOf(run: {
  receipt?: { repos: Record<string, ReceiptRepository> } | undefined;
  more: Readonly<Record<string, unknown>>;
}): Record<string, ReceiptRepository> {
  if (run.receipt !== undefined) return run.receipt.repos;
  const commit = Object.hasOwn(run.more, 'commit') ? run.more['commit'] : undefined;
  if (typeof commit !== 'string' || !/^[0-9a-f]{40,64}$/.test(commit)) return {};
  const unknown = {
    tree: undefined,
    head: undefined,
    isDirty: undefined,
    branch: undefined,
    remote: undefined,
  };
  return { code: { ...unknown, path: '.', commit, include: [], exclude: [], raw: {} } };
}

/** Repositories inside of one, submodules or not, by path: how many there are, and those that were not recorded whole. */
export function innerCode({ raw }: ReceiptRepository): { count: number; unknown: string[] } {
  const { submodules, dirty_submodules: dirty, left_out: leftOut } = raw;
  const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
  const entries = isObject(submodules) ? Object.entries(submodules) : [];
  const missing = entries.filter(([, entry]) => isObject(entry) && 'missing' in entry).map(([path]) => path);
  return { count: entries.length, unknown: [...texts(dirty), ...texts(leftOut), ...missing] };
}

/** What changed from one tree to another, whichever way round it is known; undefined where it is not. */
export function codeChange(known: CodeChanges, from: string, to: string): CodeChange | undefined {
  const said = directChange(known, from, to);
  if (said !== undefined) return said;
  // What is the same code as one of the two may be known against the other.
  const [ours, theirs] = [sameCode(known, from), sameCode(known, to)];
  if (ours.has(to)) return { files: [], count: 0 };
  for (const a of ours)
    for (const b of theirs) {
      const change = directChange(known, a, b);
      if (change !== undefined) return change;
    }
  return undefined;
}

/** A tree and all others of which it is known, step by step, that no file of the code differs. */
function sameCode(known: CodeChanges, tree: string): Set<string> {
  const same = new Set([tree]);
  const pairs = Object.keys(known)
    .filter((key) => known[key]?.count === 0)
    .map((key) => key.split(' ') as [string, string]);
  for (const one of same)
    for (const [a, b] of pairs) {
      if (a === one) same.add(b);
      if (b === one) same.add(a);
    }
  return same;
}

function directChange(known: CodeChanges, from: string, to: string): CodeChange | undefined {
  const forwards = `${from} ${to}`;
  if (Object.hasOwn(known, forwards)) return known[forwards];
  const backwards = `${to} ${from}`;
  if (!Object.hasOwn(known, backwards)) return undefined;
  const change = known[backwards]!;
  const turned = { added: 'removed', removed: 'added', changed: 'changed' } as const;
  return {
    ...change,
    files: change.files.map((file) => ({
      ...file,
      change: turned[file.change],
      lines: file.lines.replace(/^\+(\d+) −(\d+)$/, '+$2 −$1'),
    })),
  };
}

/** Commits that lead from one state to another; at most 50 each way, newest first. */
export interface CommitChange {
  /** Those that only the second has. */
  added: { id: string; subject: string }[];
  /** Those that only the first has. */
  removed: { id: string; subject: string }[];
}

/** data/runs/commits.json: what is known of the way from one commit to another, by "older newer". */
export type CommitChanges = Record<string, CommitChange>;

/** The commits from one to another, whichever way round they are known; undefined where they are not. */
export function commitChange(known: CommitChanges, from: string, to: string): CommitChange | undefined {
  const forwards = `${from} ${to}`;
  if (Object.hasOwn(known, forwards)) return known[forwards];
  const backwards = `${to} ${from}`;
  if (!Object.hasOwn(known, backwards)) return undefined;
  const { added, removed } = known[backwards]!;
  return { added: removed, removed: added };
}
