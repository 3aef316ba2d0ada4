import { isObject, type JsonObject } from '../../base/json/json.ts';
import { textOf } from './content.ts';
import { pathspecFilter } from './pathspec.ts';
import type { ReceiptRepository } from './record.ts';

/**
 * What stands for the code of a repository: the tree of everything in its work tree; only the commit in the first
 * generation. Where nothing could be written to the repository, `tree` is that of HEAD and `work_tree` what counts.
 */
export function codeKeyOf({ tree, commit, raw }: ReceiptRepository): string | undefined {
  return textOf(raw, 'work_tree') ?? tree ?? commit;
}

/** A repository inside of another, as a receipt names it: what it records of a repository, as far as it was recorded. */
export function innerRepositories({ raw }: ReceiptRepository): Map<string, JsonObject> {
  const { submodules } = raw;
  const entries = isObject(submodules) ? Object.entries(submodules) : [];
  return new Map(entries.flatMap(([path, entry]) => (isObject(entry) ? [[path, entry] as const] : [])));
}

/** The tree of everything that was in the work tree of a repository inside of another; undefined where it was not recorded. */
export function innerTree(entry: JsonObject): string | undefined {
  return textOf(entry, 'work_tree') ?? textOf(entry, 'tree');
}

/** Whether a receipt was written as FlexLock does: with the commits of submodules, and nothing of what is changed inside of them. */
export function ignoresInner({ raw }: ReceiptRepository): boolean {
  return raw['head'] === undefined && raw['submodules'] === undefined && raw['branch'] === undefined;
}

/** Why nothing can be said of a repository inside of one that such a receipt names. */
export const innerIgnored = 'what was changed inside of it was not recorded';

/** A part of the code that nothing is known of. */
export interface UncoveredCode {
  path: string;
  /** A phrase. */
  why: string;
}

/** Repositories inside of this one that count as code and whose content, or whose changes, the receipt does not hold. */
export function uncoveredCode(repository: ReceiptRepository): UncoveredCode[] {
  const { dirty_submodules: dirty, left_out: leftOut } = repository.raw;
  const texts = (value: unknown) =>
    Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  const parts = [
    ...texts(dirty).map((path) => ({ path, why: innerIgnored })),
    ...texts(leftOut).map((path) => ({ path, why: 'it was a repository without commits and not recorded' })),
    ...[...innerRepositories(repository)].flatMap(([path, { missing }]) =>
      typeof missing === 'string' ? [{ path, why: missing }] : [],
    ),
  ];
  const counts = countsAsCode(repository);
  return parts.filter(({ path }) => counts(path));
}

/** Whether a folder may hold code, by include and exclude: it does where a pattern may mean anything in it. */
export function countsAsCode({
  include,
  exclude,
}: Pick<ReceiptRepository, 'include' | 'exclude'>): (path: string) => boolean {
  const isKept = pathspecFilter([], exclude);
  const isIncluded = pathspecFilter(include, []);
  const reaches = (pattern: string, path: string) =>
    /[*?[:]/.test(pattern) || pattern.replace(/^(?:\.\/)+/, '').startsWith(`${path}/`);
  return (path) => isKept(path) && (isIncluded(path) || include.some((pattern) => reaches(pattern, path)));
}
