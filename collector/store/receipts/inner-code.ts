import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import type { UncoveredCode } from '../../formats/receipts/code.ts';
import { changedBytes } from './changed-bytes.ts';
import { type CodePlace, type CodeRepository, openCodeRepository, runCodeGit } from './code-repository.ts';
import { openPrivateIndex, type PrivateIndex } from './private-index.ts';
import { shadowId } from './shadow-id.ts';

/** The code of a repository inside of another: a submodule, or one that only lies there. */
export interface InnerCode {
  /** Relative to the outermost repository, POSIX. */
  path: string;
  /** Absolute. */
  folder: string;
  /** What stands for it in the tree around it: the commit that is checked out, or the shadow commit of its changes. */
  commit: string;
  /** Tree of its whole work tree. */
  tree: string;
  /** Under which git finds its objects, until it is closed. */
  env: Record<string, string>;
  /** What a receipt says of it. */
  record: JsonObject;
}

/** All repositories inside of one, those inside of them included. */
export interface InnerState {
  inner: InnerCode[];
  uncovered: UncoveredCode[];
  close(): void;
}

/** How repositories inside of another are taken in. */
export interface InnerOptions {
  /** Whether their objects go into them; else they are gone when the state is closed. */
  writes(place: CodePlace): boolean;
  /** What to record of one, once everything in it is staged. */
  record?(
    repository: CodeRepository,
    index: PrivateIndex,
    taken: { tree: string; writes: boolean },
  ): Promise<JsonObject>;
  /** What of each may have to be read because it is new or changed. */
  budgetBytes?: number | undefined;
}

const deepest = 10;
const linkMode = '160000';

/**
 * Takes in the repositories inside of one: in its private index each stands with the commit of everything that is in it
 * now, so that the tree of the outer one changes with theirs. What cannot be taken in stays as the index has it, and is
 * told. Nothing is done where there are none.
 */
export async function takeInner(
  top: string,
  index: PrivateIndex,
  options: InnerOptions,
  at = { prefix: '', depth: 1 },
): Promise<InnerState> {
  const state: InnerState = { inner: [], uncovered: [], close: () => undefined };
  if (!index.hasInner) return state;
  const links = await linksOf(top, index);
  const lines: string[] = [];
  for (const [path, linked] of links) {
    const full = at.prefix + path;
    try {
      const idLength = linked?.length ?? (await idLengthOf(top));
      const { code, state: more } = await takeOne(join(top, path), options, { path: full, depth: at.depth });
      keepOpen(state, more);
      if (code.commit.length !== idLength)
        throw new Error('its ids are longer or shorter than those around it');
      state.inner.push(code);
      if (code.commit !== linked) lines.push(`${linkMode} ${code.commit} 0\t${path}\0`);
    } catch (error) {
      state.uncovered.push({ path: full, why: messageOf(error).replace(/\.$/, '') });
    }
  }
  const input = lines.join('');
  if (input !== '') await runCodeGit(top, ['update-index', '-z', '--index-info'], { env: index.env, input });
  return state;
}

function keepOpen(state: InnerState, more: InnerState): void {
  state.inner.push(...more.inner);
  state.uncovered.push(...more.uncovered);
  const { close } = state;
  state.close = () => {
    close();
    more.close();
  };
}

/** Commits by path, as the index has them; undefined where git could not add one. */
async function linksOf(top: string, index: PrivateIndex): Promise<Map<string, string | undefined>> {
  const links = new Map<string, string | undefined>();
  const listed = await runCodeGit(top, ['ls-files', '--stage', '-z'], { env: index.env });
  for (const line of listed.split('\0')) {
    const [, id, path] = /^160000 ([0-9a-f]+) \d\t(.+)$/s.exec(line) ?? [];
    if (path !== undefined) links.set(path, id);
  }
  for (const path of index.leftOut) if (!links.has(path)) links.set(path, undefined);
  return links;
}

async function idLengthOf(top: string): Promise<number> {
  const format = await runCodeGit(top, ['rev-parse', '--show-object-format']);
  return format.trim() === 'sha256' ? 64 : 40;
}

async function takeOne(
  folder: string,
  options: InnerOptions,
  { path, depth }: { path: string; depth: number },
): Promise<{ code: InnerCode; state: InnerState }> {
  if (depth > deepest) throw new Error(`more than ${deepest} repositories lie inside of each other`);
  const repository = await openInner(folder);
  const { budgetBytes } = options;
  if (budgetBytes !== undefined && (await changedBytes(repository.top)) > budgetBytes)
    throw new Error('too much is new or changed in it to check it in a build; run daybook verify');
  const writes = options.writes(repository);
  const index = await openPrivateIndex(repository, writes);
  const state: InnerState = { inner: [], uncovered: [], close: index.close };
  try {
    keepOpen(
      state,
      await takeInner(repository.top, index, options, { prefix: `${path}/`, depth: depth + 1 }),
    );
    const tree = (await runCodeGit(repository.top, ['write-tree'], { env: index.env })).trim();
    const commit = tree === repository.headTree ? repository.head! : shadowId(tree, repository.head);
    const record = (await options.record?.(repository, index, { tree, writes })) ?? {};
    return { code: { path, folder, commit, tree, env: index.env, record }, state };
  } catch (error) {
    state.close();
    throw error;
  }
}

/** @throws Error with a phrase that says why there is nothing to take in. */
async function openInner(folder: string): Promise<CodeRepository> {
  if (lstatSync(join(folder, '.git'), { throwIfNoEntry: false }) === undefined) {
    const isEmpty = readdirSync(folder).length === 0;
    throw new Error(isEmpty ? 'it is not checked out' : 'it is not checked out, but files lie there');
  }
  const repository = await openCodeRepository(folder);
  if (realpathSync(repository.top) === realpathSync(folder)) return repository;
  throw new Error('its .git leads to another repository');
}
