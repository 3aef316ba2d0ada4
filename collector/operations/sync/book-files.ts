import type { WorkTree } from './work-tree.ts';

/** A file as a tree or an index has it. */
export interface GitEntry {
  mode: string;
  oid: string;
}

/** Files by path from the top of the work tree. */
export type GitEntries = Map<string, GitEntry>;

/** What the other side has, and what both come from. */
export interface OtherSide {
  theirs: GitEntries;
  /** Commits that both sides come from. */
  bases: GitEntries[];
  /** What the checked-out branch has: a file of it that is missing in the work tree was deleted here on purpose. */
  checkedOut: GitEntries;
}

/**
 * What a file is to a merge: the lines of a `log` are united, a `record` never changes and gives way to another of its
 * name, a `version` is one of the store's, `latest` and what is `derived` follow from the rest. `settings` are
 * daybook.yaml and .gitattributes, `other` is what somebody else put into snapshots/.
 */
export type FileKind = 'log' | 'record' | 'version' | 'latest' | 'derived' | 'settings' | 'other';

/** What kind of file of the book a path from the top of the work tree is. */
export function kindOf({ prefix }: Pick<WorkTree, 'prefix'>, path: string): FileKind {
  const name = path.slice(prefix.length);
  if (!name.startsWith('snapshots/')) return 'settings';
  if (name === 'snapshots/latest_periodic.json') return 'latest';
  if (/^snapshots\/store\/registry\.(json|journal\.jsonl)$/.test(name)) return 'derived';
  if (name.endsWith('.jsonl')) return 'log';
  if (name.startsWith('snapshots/store/')) return 'version';
  return recordName.test(name) ? 'record' : 'other';
}

const recordName =
  /^snapshots\/((periodic|action)_[^/]*\.json|action_log[^/]*\.(gz|zst)|(?:periodic|rollup)-[^/]*\.jsonl\.zst|blobs\/.*)$/;

/**
 * Whether a book is not whole without a file: what was recorded, and the settings. Not what can be made again from the
 * rest, and not what others put beside it; whether those are published is for the project to say.
 */
export function isEssential(place: Pick<WorkTree, 'prefix'>, path: string): boolean {
  const name = path.slice(place.prefix.length);
  const kind = kindOf(place, path);
  if (kind === 'log') return /^snapshots\/(action_log[^/]*|store\/.*)$/.test(name);
  return kind === 'record' || kind === 'version' || name === 'daybook.yaml';
}

/**
 * What of a book goes into its commits. Not the files of runs: they lie among the user's own, wherever those are, and
 * whether results are committed is for the project to say.
 */
export function bookPaths({ prefix }: Pick<WorkTree, 'prefix'>): string[] {
  return [`${prefix}snapshots`, `${prefix}daybook.yaml`, `${prefix}.gitattributes`];
}

/** Whether a path is one of the book's own. */
export function isBookPath(place: Pick<WorkTree, 'prefix'>, path: string): boolean {
  return bookPaths(place).some((own) => path === own || path.startsWith(`${own}/`));
}

/** A link could lead anywhere, and a submodule is no file. */
export function isLink(mode: string): boolean {
  return mode === '120000' || mode === '160000';
}
