import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { bookPaths, isBookPath, isEssential } from './book-files.ts';
import type { RulePlace } from './git-rules.ts';
import { type ListedBook, listBook } from './list-files.ts';
import { oidOf } from './objects.ts';
import type { WorkTree } from './work-tree.ts';

/** One thing that keeps files of a book out of git, and what helps. */
export interface Obstacle {
  /** What it is, as a phrase that begins with where it stands: `.gitignore:3 ("*.jsonl")`. */
  rule: string;
  /** The file and line of the rule as git names it, where it has one. */
  file: string | undefined;
  line: number | undefined;
  /** What it does: "ignores", "sends through the filter lfs". */
  does: string;
  paths: string[];
  /** What to do, as one sentence. */
  remedy: string;
}

/** Everything that keeps essential files of a book out of git; `altered` are flagged files that differ from the index. */
export function obstaclesOf(
  place: WorkTree,
  listed: ListedBook,
  altered: ReadonlyMap<string, string>,
): Obstacle[] {
  const found = new Map<string, Obstacle>();
  const add = (path: string, obstacle: Omit<Obstacle, 'paths'>) => {
    const known = found.get(`${obstacle.rule}\n${obstacle.does}`);
    if (known === undefined) found.set(`${obstacle.rule}\n${obstacle.does}`, { ...obstacle, paths: [path] });
    else known.paths.push(path);
  };
  for (const [path, rule] of listed.ignored) {
    if (!isEssential(place, path)) continue;
    add(path, { ...rulePart(rule), does: 'ignores', remedy: '' });
  }
  for (const [path, { filter, rule }] of listed.filtered) {
    const part =
      rule === undefined
        ? { rule: `the attribute filter=${filter}`, file: undefined, line: undefined }
        : rulePart(rule);
    add(path, {
      ...part,
      does: `sends through the filter "${filter}", which sync does not run,`,
      remedy: '',
    });
  }
  for (const [path, flag] of listed.flagged) {
    if (!altered.has(path) || !isEssential(place, path)) continue;
    const remedy = `Take the flag away: git update-index --no-${flag} ${shellWord(path)}`;
    add(path, {
      rule: `the flag ${flag} of git's index`,
      file: undefined,
      line: undefined,
      does: 'hides changes of',
      remedy,
    });
  }
  for (const [path, what] of listed.strange) {
    if (isPartOfBook(place, path)) add(path, { ...strangeTexts[what], file: undefined, line: undefined });
  }
  for (const obstacle of found.values()) {
    if (obstacle.does === 'ignores') obstacle.remedy = ignoreRemedy(place, obstacle);
    else if (obstacle.remedy === '') obstacle.remedy = filterRemedy(place, obstacle);
  }
  return [...found.values()];
}

/** The same of the book as it is now. */
export async function obstaclesHere(place: WorkTree): Promise<Obstacle[]> {
  const listed = await listBook(place);
  return obstaclesOf(place, listed, alteredFiles(place, listed));
}

/** Flagged files that are not what the index has. */
export function alteredFiles({ top }: WorkTree, { flagged, index }: ListedBook): Map<string, string> {
  const altered = new Map<string, string>();
  for (const path of flagged.keys()) {
    const known = index.get(path)!.oid;
    const oid = oidOf(readFileSync(join(top, path)), known);
    if (oid !== known) altered.set(path, oid);
  }
  return altered;
}

/** "…:3 (…) ignores snapshots/action_log.jsonl and 2 more". */
export function describeObstacle({ rule, does, paths }: Obstacle): string {
  const more = paths.length > 1 ? ` and ${paths.length - 1} more` : '';
  return `${rule} ${does} ${paths[0]}${more}`;
}

const strangeTexts = {
  link: {
    rule: 'A link',
    does: 'stands in place of',
    remedy: 'Git keeps the link and not what it leads to: put the file or folder itself there.',
  },
  repository: {
    rule: 'A git repository of its own',
    does: 'stands at',
    remedy:
      'Git leaves nested repositories alone: move its .git away, or run daybook sync in a book of its own.',
  },
  name: {
    rule: 'A line break or quote in its name',
    does: 'keeps out',
    remedy: 'Give the file another name.',
  },
  unreadable: {
    rule: 'A folder that must not be read',
    does: 'hides',
    remedy: 'Check its permissions.',
  },
} as const;

function rulePart({ file, line, pattern }: RulePlace): Pick<Obstacle, 'rule' | 'file' | 'line'> {
  return { rule: `${file}:${line} ("${pattern}")`, file, line };
}

/** What somebody else keeps in snapshots/ is not missed; a folder above or of the book itself is. */
function isPartOfBook(place: WorkTree, path: string): boolean {
  if (isEssential(place, path) || bookPaths(place).includes(path)) return true;
  const name = path.slice(place.prefix.length);
  return isBookPath(place, path) && /^snapshots\/(blobs|store(\/(data|metadata|periodic))?)$/.test(name);
}

/** A rule that fits a folder cannot be undone for what is in it; one that fits files can. */
function ignoreRemedy(place: WorkTree, { file = '', line, rule, paths }: Obstacle): string {
  const pattern = /\("(.*)"\)$/s.exec(rule)?.[1] ?? '';
  const takeOut = `Take line ${line} ("${pattern}") out of ${file}`;
  const isForFiles = !pattern.endsWith('/') && paths.every((path) => fitsName(pattern, path));
  if (!isForFiles) return `${takeOut}.`;
  const home = homeOf(place, file);
  const exceptions = patternsFor(place, home ?? '', paths).map((each) => `!${each}`);
  // What is ignored for all of a person's repositories can be let through in this one.
  const where = home === undefined ? 'to .gitignore at the top of this repository' : 'below it';
  return `${takeOut}, or add ${where}: ${exceptions.join(' and ')}`;
}

/** Whether a pattern ends as a name does: a rule for files, not for a folder above. */
function fitsName(pattern: string, path: string): boolean {
  const ending = /\.[^./*]+$/.exec(pattern)?.[0];
  return ending !== undefined && path.endsWith(ending);
}

function filterRemedy(place: WorkTree, { file, paths, rule }: Obstacle): string {
  const home = file === undefined ? '' : homeOf(place, file);
  const lines = patternsFor(place, home ?? '', paths).map(
    (pattern) => `${pattern} !filter !diff ${pattern.endsWith('.jsonl') ? 'merge=union' : '!merge'}`,
  );
  const where =
    file === undefined ? 'to .gitattributes' : `to ${file}, below line ${/:(\d+) /.exec(rule)?.[1]},`;
  return `The book's files are small text: add ${where} "${lines.join('" and "')}"`;
}

/** The folder, from the top, that patterns of a file of rules are relative to; undefined where it holds for many repositories. */
function homeOf(_place: WorkTree, file: string): string | undefined {
  if (/(^|\/)\.git(\/.*)?\/info\/[a-z]+$/.test(file)) return '';
  if (file.startsWith('/')) return undefined;
  const folder = dirname(file);
  return folder === '.' ? '' : `${folder}/`;
}

/** Patterns that fit what is to be published and little else, relative to a folder. */
function patternsFor({ prefix }: WorkTree, home: string, paths: readonly string[]): string[] {
  const patterns = paths.map((path) => {
    const name = path.slice(prefix.length);
    if (!name.startsWith('snapshots/')) return `/${path.slice(home.length)}`;
    const folder = `${prefix}snapshots/`;
    const ending = extname(path) === '' ? '' : `*${extname(path)}`;
    if (ending === '') return `/${path.slice(home.length)}`;
    return home.startsWith(folder) ? ending : `/${folder.slice(home.length)}**/${ending}`;
  });
  return [...new Set(patterns)];
}

/** A name in a command that people paste: it may hold what a shell would run. */
function shellWord(name: string): string {
  return /^[\w./@+-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
