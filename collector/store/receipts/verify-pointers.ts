import { manifestChanges } from '../../formats/receipts/comparison.ts';
import type { EntryVerdict, ReceiptInput } from '../../formats/receipts/record.ts';

type Verdict = Omit<EntryVerdict, 'part' | 'name'>;

/**
 * What data is that stands there as Git LFS pointers now, or stood there so when it was recorded: a pointer names the
 * digest of its content. Undefined where neither is so, and the bytes say it all.
 */
export function comparePointers(input: ReceiptInput, now: ReceiptInput): Verdict | undefined {
  if (input.pointers === undefined && now.pointers === undefined) return undefined;
  const isSame = input.digest === now.digest;
  if (isSame)
    return verdict('unchanged', `${these(now)} then and now; what they stand for was not looked at`);
  const [then, today] = [contentOf(input), contentOf(now)];
  if (then === undefined || today === undefined) {
    return now.pointers === undefined
      ? verdict('uncheckable', `${these(input)} stood there when it was recorded, and no digest of each file`)
      : verdict('uncheckable', `${these(now)} stand there; run git lfs pull`);
  }
  const files = manifestChanges(then, today);
  if (files.length > 0) {
    const what = input.kind === 'file' ? 'other content' : `${files.length} other files`;
    const why =
      now.pointers === undefined
        ? `${what} than the Git LFS pointers named`
        : `${what}, by the Git LFS pointers there`;
    return { ...verdict('changed', why), files: input.kind === 'file' ? [] : files };
  }
  return now.pointers === undefined
    ? verdict(
        'unchanged',
        `${these(input)} stood there when it was recorded; what they stand for is there now`,
      )
    : verdict('uncheckable', `${these(now)} to exactly this content stand there; run git lfs pull`);
}

const verdict = (state: Verdict['state'], why: string): Verdict => ({ state, why, files: [] });

function these({ pointers }: ReceiptInput): string {
  const count = Object.keys(pointers ?? {}).length;
  return count === 1 ? 'one Git LFS pointer' : `${count} Git LFS pointers`;
}

/** The digest of each file by its path, of pointers that of what they stand for; undefined where they are not named. */
function contentOf({ kind, digest, manifest, pointers }: ReceiptInput): Record<string, string> | undefined {
  if (kind === 'file') return { '': Object.values(pointers ?? {})[0] ?? digest };
  return manifest === undefined ? undefined : { ...manifest, ...pointers };
}
