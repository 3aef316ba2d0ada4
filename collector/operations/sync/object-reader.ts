import { type ChildProcess, spawn } from 'node:child_process';
import { DaybookError } from '../../base/errors.ts';
import { cannotStartGit, gitCommand } from '../../base/git.ts';
import { bookPaths, type GitEntries } from './book-files.ts';
import type { WorkTree } from './work-tree.ts';

/** An object as git has it. */
interface GitObject {
  oid: string;
  type: string;
  bytes: Buffer;
}

/** Reads commits, trees and blobs through one process of git that stays: a sync asks for many, one after the other. */
export interface ObjectReader {
  /** The commit a ref or id names; undefined where there is none. */
  commit(name: string): Promise<string | undefined>;
  /** What a commit says of itself; empty where there is no such commit. */
  message(commit: string | undefined): Promise<string>;
  /** Names at the top of a commit's tree. */
  names(commit: string): Promise<string[]>;
  /** The book's files in a commit; none where there is no commit. */
  tree(commit: string | undefined): Promise<GitEntries>;
  /** The bytes of many blobs, in their order. */
  blobs(oids: readonly string[]): Promise<Buffer[]>;
  close(): void;
}

/** Starts one; it ends with `close` or with this process. */
export function openObjectReader(place: WorkTree): ObjectReader {
  const ask = startBatch(place);
  const trees = new Map<string, Promise<TreeEntry[]>>();
  const treeOf = (oid: string) => {
    const found = trees.get(oid) ?? ask.one(oid).then((object) => parseTree(object));
    trees.set(oid, found);
    return found;
  };
  const commits = new Map<string, Promise<GitEntries>>();
  const read = async (commit: string): Promise<GitEntries> => {
    if (place.prefix.includes('\n'))
      throw new DaybookError('git', 'A book in a folder with a line break in its name cannot be synced.', {
        where: place.top,
      });
    const entries: GitEntries = new Map();
    const folder = await ask.one(`${commit}:${place.prefix.replace(/\/$/, '')}`);
    if (folder?.type !== 'tree') return entries;
    const names = bookPaths({ prefix: '' });
    const top = parseTree(folder).filter(({ name }) => names.includes(name));
    await walk(top, place.prefix, entries, treeOf);
    return entries;
  };
  return {
    async commit(name) {
      const object = await ask.one(`${name}^{commit}`);
      return object?.oid;
    },
    async message(commit) {
      const object = commit === undefined ? undefined : await ask.one(commit);
      if (object?.type !== 'commit') return '';
      const text = object.bytes.toString('utf8');
      return text.slice(text.indexOf('\n\n') + 2);
    },
    async names(commit) {
      const object = await ask.one(`${commit}^{tree}`);
      return object === undefined ? [] : parseTree(object).map(({ name }) => name);
    },
    tree(commit) {
      if (commit === undefined) return Promise.resolve(new Map());
      const found = commits.get(commit) ?? read(commit);
      commits.set(commit, found);
      return found;
    },
    async blobs(oids) {
      const objects = await ask.many(oids);
      return objects.map((object, number) => {
        if (object?.type !== 'blob')
          throw new DaybookError('git', `The object ${oids[number]} cannot be read.`);
        return object.bytes;
      });
    },
    close: () => ask.close(),
  };
}

interface TreeEntry {
  mode: string;
  name: string;
  oid: string;
}

function parseTree(object: GitObject | undefined): TreeEntry[] {
  if (object?.type !== 'tree') throw new DaybookError('git', 'A tree of the repository cannot be read.');
  const { bytes, oid } = object;
  const entries: TreeEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, space);
    const next = end + 1 + oid.length / 2;
    entries.push({
      mode: bytes.toString('latin1', at, space).padStart(6, '0'),
      name: bytes.toString('utf8', space + 1, end),
      oid: bytes.toString('hex', end + 1, next),
    });
    at = next;
  }
  return entries;
}

async function walk(
  listed: readonly TreeEntry[],
  prefix: string,
  entries: GitEntries,
  treeOf: (oid: string) => Promise<TreeEntry[]>,
): Promise<void> {
  for (const { mode, name, oid } of listed) {
    if (mode === '040000') await walk(await treeOf(oid), `${prefix}${name}/`, entries, treeOf);
    else if (mode !== '160000') entries.set(`${prefix}${name}`, { mode, oid });
  }
}

/** `git cat-file --batch`, asked by name: answers come in the order of the questions. */
function startBatch(place: WorkTree) {
  const { args, env } = gitCommand(['cat-file', '--batch']);
  let child: ChildProcess | undefined;
  let waiting: { resolve(object: GitObject | undefined): void; reject(error: unknown): void }[] = [];
  let received: Buffer[] = [];
  let size = 0;
  let wanted = 0;
  const fail = (error: unknown) => {
    const all = waiting;
    waiting = [];
    child = undefined;
    for (const { reject } of all) reject(error);
  };
  const start = (): ChildProcess => {
    const started = spawn('git', args, {
      cwd: place.top,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
    started.on('error', (error) => fail(cannotStartGit(error, place.top)));
    started.on('close', () => {
      if (child === started) fail(new DaybookError('git', 'git cat-file ended before it had answered.'));
    });
    started.stdin!.on('error', () => undefined);
    started.stdout!.on('data', (chunk: Buffer) => {
      received.push(chunk);
      size += chunk.length;
      if (size >= wanted) take();
    });
    return started;
  };
  const take = () => {
    const all = received.length === 1 ? received[0]! : Buffer.concat(received);
    let at = 0;
    wanted = 0;
    while (waiting.length > 0) {
      const end = all.indexOf('\n', at);
      if (end < 0) break;
      const [oid = '', type = '', bytes] = all.toString('utf8', at, end).split(' ');
      const isFound = /^[0-9a-f]{40,64}$/.test(oid) && /^\d+$/.test(bytes ?? '');
      const length = isFound ? Number(bytes) : undefined;
      if (length !== undefined && all.length < end + 2 + length) {
        wanted = end + 2 + length - at;
        break;
      }
      const { resolve } = waiting.shift()!;
      // "<name> missing" has no length and nothing behind it.
      if (length === undefined) resolve(undefined);
      else resolve({ oid, type, bytes: all.subarray(end + 1, end + 1 + length) });
      at = length === undefined ? end + 1 : end + 2 + length;
    }
    received = at === all.length ? [] : [all.subarray(at)];
    size = all.length - at;
  };
  const many = (names: readonly string[]): Promise<(GitObject | undefined)[]> => {
    if (names.length === 0) return Promise.resolve([]);
    child ??= start();
    const answers = names.map(
      () =>
        new Promise<GitObject | undefined>((resolve, reject) => {
          waiting.push({ resolve, reject });
        }),
    );
    child.stdin!.write(names.map((name) => `${name}\n`).join(''));
    return Promise.all(answers);
  };
  return {
    many,
    one: async (name: string) => (await many([name]))[0],
    close: () => {
      const open = child;
      child = undefined;
      open?.stdin?.end();
    },
  };
}
