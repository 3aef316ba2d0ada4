import { isAbsolute, join } from 'node:path';
import { DaybookError, messageOf } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { codeKeyOf, innerRepositories } from '../../formats/receipts/code.ts';
import type { ReceiptContent, ReceiptRepository } from '../../formats/receipts/record.ts';
import {
  type CodeDifference,
  type CommitLine,
  codeDifference,
  codePatch,
  commitsBetween,
} from './code-difference.ts';
import { openCodeRepository } from './code-repository.ts';
import { makeRecordedTree, recordedInner } from './recorded-tree.ts';
import { readWorkTree, type WorkTree } from './work-tree.ts';

/** What git knows about two states of a repository that two receipts name. */
export interface CodeDetails extends CodeDifference {
  commits: { added: CommitLine[]; removed: CommitLine[] } | undefined;
  patch: { text: string; truncated: boolean } | undefined;
}

/** What to look at. */
export interface CompareCodeOptions {
  /** Stand in place of the patterns that receipts carry. */
  include?: readonly string[];
  exclude?: readonly string[];
  /** Whether the patch is wanted. */
  patch?: boolean;
}

/** Details of each repository that both receipts name and whose code differs, by name; of those that are the same, none. */
export async function compareCode(
  root: string,
  before: ReceiptContent,
  after: ReceiptContent,
  options: CompareCodeOptions = {},
): Promise<Map<string, CodeDetails>> {
  const details = new Map<string, CodeDetails>();
  for (const [name, old] of Object.entries(before.repos)) {
    const now = Object.hasOwn(after.repos, name) ? after.repos[name] : undefined;
    const [a, b] = [codeKeyOf(old), now && codeKeyOf(now)];
    if (now === undefined || a === undefined || b === undefined || a === b) continue;
    details.set(name, await compareRepository(root, old, now, options));
  }
  return details;
}

async function compareRepository(
  root: string,
  before: ReceiptRepository,
  after: ReceiptRepository,
  options: CompareCodeOptions,
): Promise<CodeDetails> {
  const path = after.path ?? before.path ?? '.';
  const [a, b] = [codeKeyOf(before)!, codeKeyOf(after)!];
  const nothing = { known: false, files: [], leftOut: 0, lost: [], commits: undefined, patch: undefined };
  let top: string;
  try {
    top = (await openCodeRepository(isAbsolute(path) ? path : join(root, path))).top;
  } catch (error) {
    return { ...nothing, why: whyUnopened(error, path) };
  }
  const tree = await patchedTrees(top, before, after);
  try {
    const inner = {
      before: recordedInner(before),
      after: recordedInner(after),
      env: (path: string) => tree?.inner.get(path)?.env,
    };
    const objects = { env: tree?.env, inner };
    const difference = await codeDifference(top, a, b, {
      include: options.include ?? firstOf(after.include, before.include),
      exclude: options.exclude ?? firstOf(after.exclude, before.exclude),
      ...objects,
    });
    const [from, to] = [before.head ?? before.commit, after.head ?? after.commit];
    const commits = from === undefined || to === undefined ? undefined : await commitsBetween(top, from, to);
    const isWanted = options.patch === true && difference.known;
    const patch = isWanted ? await codePatch(top, a, b, difference.files, objects) : undefined;
    return { ...difference, commits: commits && withoutShadows(commits), patch };
  } finally {
    tree?.close();
  }
}

function whyUnopened(error: unknown, path: string): string {
  const code = error instanceof DaybookError ? error.code : undefined;
  if (code === 'not-found') return `${path} is not on this machine`;
  const why = messageOf(error).replace(/\.$/, '');
  return why.endsWith('found none there or above it') ? `no git repository is around ${path}` : why;
}

/** Where a receipt has HEAD and a patch, its tree is made again, outside of the repository. */
async function patchedTrees(
  top: string,
  ...repositories: ReceiptRepository[]
): Promise<WorkTree | undefined> {
  const hasPatch = (raw: JsonObject) => raw['work_tree'] !== undefined;
  const isPatched = (each: ReceiptRepository) =>
    hasPatch(each.raw) || [...innerRepositories(each).values()].some(hasPatch);
  if (!repositories.some(isPatched)) return undefined;
  const tree = await readWorkTree(top);
  if (!('tree' in tree)) return undefined;
  for (const repository of repositories) await makeRecordedTree(tree, repository);
  return tree;
}

function firstOf(a: string[], b: string[]): string[] {
  return a.length > 0 ? a : b;
}

/** The commits that recording itself made are none of the user's. */
function withoutShadows(commits: { added: CommitLine[]; removed: CommitLine[] }) {
  const own = ({ subject }: CommitLine) => !/^(?:FlexLock Shadow|Daybook shadow):/.test(subject);
  return { added: commits.added.filter(own), removed: commits.removed.filter(own) };
}
