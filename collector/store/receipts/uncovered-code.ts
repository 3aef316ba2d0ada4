import {
  countsAsCode,
  ignoresInner,
  innerIgnored,
  type UncoveredCode,
  uncoveredCode,
} from '../../formats/receipts/code.ts';
import type { ReceiptRepository } from '../../formats/receipts/record.ts';
import type { WorkTree } from './work-tree.ts';

/**
 * The parts of a repository of which nothing can be proven, because they were not recorded or cannot be taken in now;
 * those that include and exclude leave out do not count. Equal trees say nothing of them.
 */
export function uncoveredParts(recorded: ReceiptRepository, now: WorkTree): UncoveredCode[] {
  const parts = new Map<string, string>();
  if (ignoresInner(recorded)) for (const path of now.inner.keys()) parts.set(path, innerIgnored);
  for (const { path, why } of [...now.uncovered, ...uncoveredCode(recorded)]) parts.set(path, why);
  const counts = countsAsCode(recorded);
  return [...parts].map(([path, why]) => ({ path, why })).filter(({ path }) => counts(path));
}

/** A phrase for people. */
export function sayUncovered([first, ...more]: readonly UncoveredCode[]): string {
  if (first === undefined) return '';
  const rest = more.length === 0 ? '' : `, and ${more.length} more like it`;
  return `nothing is known of ${first.path}: ${first.why}${rest}`;
}

/** Whether a path is a part of which nothing is known, or lies in one. */
export function isUncovered(path: string, parts: readonly UncoveredCode[]): boolean {
  return parts.some((part) => path === part.path || path.startsWith(`${part.path}/`));
}
