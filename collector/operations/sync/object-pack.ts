import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { runGit } from '../../base/git.ts';
import type { GitEntry } from './book-files.ts';
import type { WorkTree } from './work-tree.ts';

const types = { tree: 2, blob: 3 } as const;

/**
 * Blobs and trees that are made here and handed to git together: one process stores and flushes all of them, where
 * hash-object, update-index and write-tree would be one each.
 */
export class ObjectPack {
  readonly #algorithm: 'sha1' | 'sha256';
  readonly #objects = new Map<string, { type: keyof typeof types; bytes: Buffer }>();

  /** `like` is any id of the repository. */
  constructor(like: string) {
    this.#algorithm = like.length === 64 ? 'sha256' : 'sha1';
  }

  /** Takes a blob; gives its id. */
  blob(bytes: Buffer): string {
    return this.#add('blob', bytes);
  }

  /** Takes the trees that hold files at these paths; gives the id of the uppermost. */
  tree(files: Iterable<readonly [path: string, entry: GitEntry]>): string {
    const entries = new Map<string, GitEntry>();
    const folders = new Map<string, [string, GitEntry][]>();
    for (const [path, entry] of files) {
      const end = path.indexOf('/');
      if (end < 0) entries.set(path, entry);
      else {
        const folder = path.slice(0, end);
        const inside = folders.get(folder) ?? [];
        folders.set(folder, inside);
        inside.push([path.slice(end + 1), entry]);
      }
    }
    for (const [name, inside] of folders) entries.set(name, { mode: '40000', oid: this.tree(inside) });
    // Git sorts bytes, and folders as if their names ended in a slash.
    const sorted = [...entries]
      .map(([name, entry]) => ({
        name: Buffer.from(name),
        key: Buffer.from(`${name}${folders.has(name) ? '/' : ''}`),
        entry,
      }))
      .sort((a, b) => Buffer.compare(a.key, b.key));
    const parts = sorted.flatMap(({ name, entry: { mode, oid } }) => [
      Buffer.from(`${mode.replace(/^0+/, '')} `),
      name,
      Buffer.from([0]),
      Buffer.from(oid, 'hex'),
    ]);
    return this.#add('tree', Buffer.concat(parts));
  }

  /** Stores all of it. */
  async store({ top }: Pick<WorkTree, 'top'>): Promise<void> {
    if (this.#objects.size > 0) await runGit(top, ['unpack-objects', '-q'], { input: this.#bytes() });
  }

  #add(type: keyof typeof types, bytes: Buffer): string {
    const hash = createHash(this.#algorithm).update(`${type} ${bytes.length}\0`);
    const oid = hash.update(bytes).digest('hex');
    this.#objects.set(oid, { type, bytes });
    return oid;
  }

  /** The objects as a pack of git's: a head, each object deflated behind its type and size, and a digest of it all. */
  #bytes(): Buffer {
    const head = Buffer.alloc(12);
    head.write('PACK');
    head.writeUInt32BE(2, 4);
    head.writeUInt32BE(this.#objects.size, 8);
    const objects = [...this.#objects.values()].flatMap(({ type, bytes }) => [
      objectHead(types[type], bytes.length),
      deflateSync(bytes),
    ]);
    const pack = Buffer.concat([head, ...objects]);
    return Buffer.concat([pack, createHash(this.#algorithm).update(pack).digest()]);
  }
}

/** Type and the low four bits of the size, then seven bits at a time, the lowest first. */
function objectHead(type: number, size: number): Buffer {
  const bytes: number[] = [];
  let rest = Math.floor(size / 16);
  let byte = (type << 4) | (size & 15);
  while (rest > 0) {
    bytes.push(byte | 0x80);
    byte = rest & 0x7f;
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, byte]);
}
