import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { type CodeGitOptions, tryCodeGit } from './code-repository.ts';

/** One file that differs between two trees. */
export interface CodeFile {
  path: string;
  change: 'added' | 'removed' | 'changed';
  /** Lines; undefined for binary files. */
  addedLines: number | undefined;
  removedLines: number | undefined;
  /** Set where nothing but the ends of lines differs. */
  lineEnds?: true;
}

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
  /** Those of the files that are repositories whose older state is not at hand. */
  lost: string[];
}

/**
 * What differs between two trees or commits, repository by repository: where both sides hold another commit of a
 * repository inside, its files are compared in place of the commits. Where that one does not have both, it is a file
 * that is changed. Undefined where the outermost does not have both.
 */
export async function codeParts(
  part: Omit<CodePart, 'files' | 'lost'>,
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
  const own: CodePart = { ...part, files: [], lost: [] };
  const parts = [own];
  for (const { link, ...file } of parseRawNumstat(result.stdout)) {
    const path = prefix + file.path;
    const at = { top, path, name: file.path };
    const more = await innerParts(at, link, inner, depth);
    if (more !== undefined) parts.push(...more);
    else {
      own.files.push({ ...file, path });
      const older = link?.before;
      if (older !== undefined && !(await isAtHand(at, inner.before?.get(path) ?? older))) own.lost.push(path);
    }
  }
  await markLineEnds(own);
  return parts;
}

/** Where a repository lies inside of another. */
interface InnerPlace {
  top: string;
  path: string;
  name: string;
}

/** The commits that stand for a repository on either side; undefined where there is none. */
interface Link {
  before: string | undefined;
  after: string | undefined;
}

async function innerParts(
  { top, path, name }: InnerPlace,
  link: Link | undefined,
  inner: InnerTrees,
  depth: number,
): Promise<CodePart[] | undefined> {
  if (link?.before === undefined || link.after === undefined || depth > 10) return undefined;
  const before = inner.before?.get(path) ?? link.before;
  const after = inner.after?.get(path) ?? link.after;
  if (before === after) return [];
  const folder = join(top, name);
  // Without a repository of its own git would look into the one around it.
  if (!isRepository(folder)) return undefined;
  const env = inner.env?.(path);
  return codeParts({ top: folder, prefix: `${path}/`, before, after, env }, inner, depth + 1);
}

function isRepository(folder: string): boolean {
  return lstatSync(join(folder, '.git'), { throwIfNoEntry: false }) !== undefined;
}

/** Also where it is not checked out any more, but git keeps it. */
async function isAtHand({ top, name }: InnerPlace, id: string): Promise<boolean> {
  const args = ['cat-file', '-e', `${id}^{tree}`];
  const folder = join(top, name);
  if (!objectId.test(id)) return false;
  if (isRepository(folder)) return (await tryLiteral(folder, args)).ok;
  const kept = await tryLiteral(top, [
    'rev-parse',
    '--path-format=absolute',
    '--git-path',
    `modules/${name}`,
  ]);
  if (!kept.ok) return false;
  const folderOfGit = kept.stdout.trim();
  return (await tryLiteral(top, args, { GIT_DIR: folderOfGit, GIT_WORK_TREE: folderOfGit })).ok;
}

/** Marks files of which nothing differs but the ends of their lines: then as many lines came as went. */
async function markLineEnds({ top, prefix, before, after, env, files }: CodePart): Promise<void> {
  const maybe = files.filter(
    ({ change, addedLines, removedLines }) =>
      change === 'changed' && addedLines !== undefined && addedLines > 0 && addedLines === removedLines,
  );
  if (maybe.length === 0) return;
  const paths = maybe.length > 500 ? [] : maybe.map(({ path }) => path.slice(prefix.length));
  const form = ['-r', '-z', '--no-renames', '--numstat', '--ignore-cr-at-eol'];
  const result = await tryLiteral(top, ['diff-tree', ...form, before, after, '--', ...paths], env);
  if (!result.ok) return;
  const other = new Set(result.stdout.split('\0').map((line) => line.replace(/^[^\t]*\t[^\t]*\t/, '')));
  for (const file of maybe) if (!other.has(file.path.slice(prefix.length))) file.lineEnds = true;
}

/** Runs git with paths taken as they are. */
export function tryLiteral(top: string, args: string[], env?: Record<string, string>) {
  const options: CodeGitOptions = env === undefined ? {} : { env };
  return tryCodeGit(top, ['--literal-pathspecs', ...args], options);
}

/** What an id of git looks like, whole or its beginning. */
export const objectId = /^[0-9a-f]{4,64}$/;

const changes: Record<string, CodeFile['change']> = { A: 'added', D: 'removed' };

type RawFile = CodeFile & { link?: Link | undefined };

/** ":100644 100644 a b M NUL path NUL" for every file, then "added TAB removed TAB path NUL" for every file. */
function parseRawNumstat(text: string): RawFile[] {
  const fields = text.split('\0');
  const files = new Map<string, RawFile>();
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at]!;
    if (field.startsWith(':')) {
      const path = fields[++at] ?? '';
      const change = changes[field.at(-1)!] ?? 'changed';
      const [, old, now, before, after] = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) /.exec(field) ?? [];
      const [isLink, isNowLink] = [old === '160000', now === '160000'];
      const sides = { before: isLink ? before : undefined, after: isNowLink ? after : undefined };
      const link = isLink || isNowLink ? sides : undefined;
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
