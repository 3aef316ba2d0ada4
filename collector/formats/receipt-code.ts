import type { ReceiptRepository } from './receipt-record.ts';

/**
 * What stands for the code of a repository: the tree of everything in its work tree; only the commit in the first
 * generation. Where nothing could be written to the repository, `tree` is that of HEAD and `work_tree` what counts.
 */
export function codeKeyOf({ tree, commit, raw }: ReceiptRepository): string | undefined {
  const workTree = raw['work_tree'];
  return typeof workTree === 'string' ? workTree : (tree ?? commit);
}

/** Submodules that had changes of their own when the code was recorded; nothing is known of these changes. */
export function recordedDirty({ raw }: ReceiptRepository): string[] {
  const dirty = raw['dirty_submodules'];
  return Array.isArray(dirty) ? dirty.filter((path) => typeof path === 'string') : [];
}
