import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeFile } from './code-file.ts';
import { type CodeGitOptions, tryCodeGit } from './code-repository.ts';

/** What is known of the repositories inside of one, by their paths. */
export interface InnerTrees {
  /** The trees of their whole work trees on either side, where the commits that stand for them need not be there. */
  before?: ReadonlyMap<string, string>;
  after?: ReadonlyMap<string, string>;
  /** Under which git finds their objects. */
  env?: (path: string) => Record<string, string> | undefined;
}

/** What differs in one repository: the outermost, or one inside of it. */
export interface CodePart {
  /** Folder of its work tree. */
  top: string;
  /** What its paths begin with in the outermost: "" or "lib/". */
  prefix: string;
  before: string;
  after: string;
  env: Record<string, string> | undefined;
  /** Paths begin with the prefix. */
  files: CodeFile[];
}

/**
 * What differs between two trees or commits, repository by repository: where both sides hold another commit of a
 * repository inside, its files are compared in place of the commits. Where that one does not have both, it is a file
 * that is changed. Undefined where the outermost does not have both.
 */
export async function codeParts(
  part: Omit<CodePart, 'files'>,
  inner: InnerTrees = {},
  depth = 0,
): Promise<CodePart[] | undefined> {
  const { top, prefix, before, after, env } = part;
  for (const id of [before, after]) {
    const isThere = objectId.test(id) && (await tryLiteral(top, ['cat-file', '-e', `${id}^{tree}`], env)).ok;
    if (!isThere) return undefined;
  }
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--raw', '--numstat', before, after];
  const result = await tryLiteral(top, args, env);
  if (!result.ok) return undefined;
  const own: CodePart = { ...part, files: [] };
  const parts = [own];
  for (const { link, ...file } of parseRawNumstat(result.stdout)) {
    const path = prefix + file.path;
    const more =
      link === undefined || depth > 10
        ? undefined
        : await innerParts({ top, path, name: file.path, link }, inner, depth);
    if (more === undefined) own.files.push({ ...file, path });
    else parts.push(...more);
  }
  return parts;
}

interface Link {
  top: string;
  path: string;
  name: string;
  link: { before: string; after: string };
}

async function innerParts({ top, path, name, link }: Link, inner: InnerTrees, depth: number) {
  const before = inner.before?.get(path) ?? link.before;
  const after = inner.after?.get(path) ?? link.after;
  if (before === after) return [];
  const folder = join(top, name);
  // Without a repository of its own git would look into the one around it.
  if (lstatSync(join(folder, '.git'), { throwIfNoEntry: false }) === undefined) return undefined;
  const env = inner.env?.(path);
  return codeParts({ top: folder, prefix: `${path}/`, before, after, env }, inner, depth + 1);
}

/** Runs git with paths taken as they are. */
export function tryLiteral(top: string, args: string[], env?: Record<string, string>) {
  const options: CodeGitOptions = env === undefined ? {} : { env };
  return tryCodeGit(top, ['--literal-pathspecs', ...args], options);
}

/** What an id of git looks like, whole or its beginning. */
export const objectId = /^[0-9a-f]{4,64}$/;

const changes: Record<string, CodeFile['change']> = { A: 'added', D: 'removed' };

type RawFile = CodeFile & { link?: { before: string; after: string } | undefined };

/** ":100644 100644 a b M NUL path NUL" for every file, then "added TAB removed TAB path NUL" for every file. */
function parseRawNumstat(text: string): RawFile[] {
  const fields = text.split('\0');
  const files = new Map<string, RawFile>();
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at]!;
    if (field.startsWith(':')) {
      const path = fields[++at] ?? '';
      const change = changes[field.at(-1)!] ?? 'changed';
      const [, before, after] = /^:160000 160000 ([0-9a-f]+) ([0-9a-f]+) /.exec(field) ?? [];
      const link = before === undefined ? undefined : { before, after: after! };
      files.set(path, { path, change, addedLines: undefined, removedLines: undefined, link });
      continue;
    }
    const counts = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(field);
    const file = files.get(counts?.[3] ?? '');
    if (counts === null || file === undefined || counts[1] === '-') continue;
    file.addedLines = Number(counts[1]);
    file.removedLines = Number(counts[2]);
  }
  return [...files.values()];
}
