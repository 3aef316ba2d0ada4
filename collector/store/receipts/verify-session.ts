import { resolve } from 'node:path';
import { jsonText } from '../../base/json/text.ts';
import { codeKeyOf } from '../../formats/receipts/code.ts';
import type { ReceiptRepository } from '../../formats/receipts/record.ts';
import { type CodeDifference, codeDifference } from './code-difference.ts';
import { type DataDigest, digestData } from './data-digest.ts';
import type { HashProgress } from './hash-files.ts';
import { innerTreesOf, makeRecordedTree } from './recorded-tree.ts';
import { type NoWorkTree, readWorkTree, type WorkTree } from './work-tree.ts';

/** How to check. */
export interface VerifyOptions {
  /** Bytes that may be read in all, for builds; what would need more is left unchecked, as is what lies outside of the book. */
  budgetBytes?: number;
  cache?: 'use' | 'read' | 'off';
  progress?: (progress: HashProgress & { path: string }) => void;
  nowUs?: () => number;
}

/** What checks of several receipts share, so that the same data and code are looked at once. */
export interface VerifySession {
  root: string;
  isBounded: boolean;
  nowUs: () => number;
  /** The work tree around an absolute folder. */
  workTree(folder: string): Promise<WorkTree | NoWorkTree>;
  /** What is different between a recorded tree and the work tree. */
  difference(tree: WorkTree, recorded: ReceiptRepository): Promise<CodeDifference>;
  /** Rejects as digestData does. */
  digest(path: string, manifest: boolean): Promise<DataDigest>;
  close(): Promise<void>;
}

/** Opens a session; the one who opens it closes it. */
export function openVerifySession(root: string, options: VerifyOptions = {}): VerifySession {
  const trees = new Map<string, Promise<WorkTree | NoWorkTree>>();
  const compared = new Map<string, Promise<CodeDifference>>();
  const digests = new Map<string, Promise<DataDigest>>();
  let leftBytes = options.budgetBytes;
  const { progress } = options;
  return {
    root,
    isBounded: leftBytes !== undefined,
    nowUs: options.nowUs ?? (() => Date.now() * 1000),
    workTree: (folder) => once(trees, folder, () => readWorkTree(folder, leftBytes)),
    difference: (tree, recorded) => {
      const { include, exclude } = recorded;
      const key = codeKeyOf(recorded) ?? '';
      return once(compared, jsonText([tree.top, key, include, exclude]), async () => {
        await makeRecordedTree(tree, recorded);
        const inner = innerTreesOf(recorded, tree);
        return codeDifference(tree.top, key, tree.tree, { include, exclude, env: tree.env, inner });
      });
    },
    digest: (path, manifest) =>
      once(digests, `${manifest} ${resolve(root, path)}`, async () => {
        const digest = await digestData(path, {
          root,
          cache: options.cache ?? 'use',
          manifest: manifest ? 'always' : 'never',
          ...(leftBytes !== undefined && { budgetBytes: leftBytes }),
          ...(progress !== undefined && { progress: (state) => progress({ ...state, path }) }),
        });
        if (leftBytes !== undefined) leftBytes -= digest.readBytes;
        return digest;
      }),
    async close() {
      for (const tree of await Promise.all(trees.values())) if ('tree' in tree) tree.close();
      trees.clear();
    },
  };
}

function once<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
