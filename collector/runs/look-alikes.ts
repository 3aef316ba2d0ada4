import { plural } from '../base/format/words.ts';
import { showText } from '../base/show.ts';
import type { Finding } from '../formats/findings/finding.ts';
import { folderOf, joinPlace } from './key.ts';
import { readableKinds } from './source-words.ts';

/** What another program leaves that is recognised and not read. */
interface Kind {
  /** What one of them is, and several: "W&B run". */
  word: string;
  words?: string;
  /** Names of files that say so alone. */
  names?: readonly string[];
  /** Paths of files, relative to the book. */
  files?: RegExp;
  /** Paths of folders. */
  folders?: RegExp;
  /** Names that lie in one folder together; the first is the file that is told of. */
  together?: readonly (readonly string[])[];
  /** `daybook import` takes it in as actions. */
  isImported?: true;
}

/** The one description of what is recognised. A kind leaves it when a source reads it. */
const kinds: Readonly<Record<string, Kind>> = {
  aim: { word: 'repository of Aim', words: 'repositories of Aim', folders: /(?:^|\/)\.aim$/ },
  clearml: {
    word: 'offline task of ClearML',
    words: 'offline tasks of ClearML',
    folders: /(?:^|\/)offline-[0-9a-f]{32}$/,
  },
  neptune: { word: 'folder of Neptune', words: 'folders of Neptune', folders: /(?:^|\/)\.neptune$/ },
  otlp: {
    word: 'file of OpenTelemetry (OTLP)',
    words: 'files of OpenTelemetry (OTLP)',
    files: /(?:^|\/)[^/]*otlp[^/]*\.jsonl?$/i,
    isImported: true,
  },
  upptime: {
    word: 'record of Upptime',
    words: 'records of Upptime',
    names: ['.upptimerc.yml'],
    files: /(?:^|\/)history\/summary\.json$/,
    isImported: true,
  },
  'github-runs': {
    word: 'list of workflow runs of GitHub',
    words: 'lists of workflow runs of GitHub',
    names: ['workflow_runs.json'],
    isImported: true,
  },
  'github-logs': {
    word: 'log of a job on GitHub',
    words: 'logs of jobs on GitHub',
    files: /(?:^|\/)\d+_(?:build|test|Set up job|Complete job)\.txt$/,
  },
};

/** Something of another program, as the walk came by it: its kind, and where it lies. */
export interface LookAlike {
  kind: string;
  path: string;
}

/** The kinds that are recognised and not read. */
export const lookAlikeKinds: readonly string[] = Object.keys(kinds);

const all = Object.entries(kinds);
const byName = new Map(all.flatMap(([kind, { names = [] }]) => names.map((name) => [name, kind] as const)));
const patterns = all.flatMap(([, { files }]) => (files === undefined ? [] : [files.source]));
const anyFile = new RegExp(patterns.join('|'), 'i');
/** What the names of files end with of which the rest is looked at: every pattern names its ending. */
const endings = new RegExp(
  patterns.map((pattern) => /\\\.[a-z?]+\$$/.exec(pattern)?.[0] ?? '').join('|'),
  'i',
);
const together = all.flatMap(([kind, each]) => (each.together ?? []).map((names) => ({ kind, names })));

/** The kind that a file looks like by its name alone. */
export function kindOfFile(path: string, name: string): string | undefined {
  const kind = byName.get(name);
  if (kind !== undefined) return kind;
  // Nearly every file is none: one look tells.
  if (!endings.test(name) || !anyFile.test(path)) return undefined;
  return all.find(([, { files }]) => files?.test(path) === true)?.[0];
}

/** What a folder looks like by its name, and what lies in it by the names that are there together. */
export function lookAlikesIn(path: string, names: ReadonlySet<string>): LookAlike[] {
  const found: LookAlike[] = [];
  for (const [kind, { folders }] of all) if (folders?.test(path) === true) found.push({ kind, path });
  for (const { kind, names: needed } of together) {
    if (needed.every((name) => names.has(name))) found.push({ kind, path: joinPlace(path, needed[0]!) });
  }
  return found;
}

/** So many folders of one kind are told of one by one. */
const mostFolders = 3;

/** What is said of them: once for each kind and folder, and once for a kind that lies in many folders. */
export function lookAlikeFindings(found: readonly LookAlike[]): Finding[] {
  const byKind = new Map<string, LookAlike[]>();
  for (const each of found) byKind.set(each.kind, [...(byKind.get(each.kind) ?? []), each]);
  return [...byKind].flatMap(([kind, each]) => findingsOfKind(kind, outermost(each)));
}

function findingsOfKind(kind: string, paths: readonly string[]): Finding[] {
  const byFolder = new Map<string, string[]>();
  for (const path of paths) {
    const folder = folderOf(path);
    const there = byFolder.get(folder);
    if (there === undefined) byFolder.set(folder, [path]);
    else there.push(path);
  }
  if (byFolder.size <= mostFolders)
    return [...byFolder].map(([folder, there]) => findingOf(kind, folder, there, ''));
  return [
    findingOf(kind, commonFolder([...byFolder.keys()]), paths, ` in ${plural(byFolder.size, 'folder')}`),
  ];
}

function findingOf(kind: string, folder: string, paths: readonly string[], where: string): Finding {
  const { word, words, isImported } = kinds[kind]!;
  const way = isImported
    ? 'daybook import takes it in as actions (docs/import.md)'
    : 'Nothing of it is shown';
  const shown = paths.slice(0, 2).map((path) => (folder === '' ? path : path.slice(folder.length + 1)));
  const more = paths.length > shown.length ? ', …' : '';
  return {
    code: 'not-read',
    severity: 'note',
    file: folder === '' ? '.' : folder,
    expected: `what this version reads: ${readableKinds()}`,
    found: `what looks like ${plural(paths.length, word, words)}${where} (${showText(shown.join(', '), 120)}${more})`,
    hint: `${way}. docs/sources.md tells more; with { kind: …, read: false } under runs.sources daybook.yaml says no more of a kind.`,
  };
}

/** Without what lies in another one of them. */
function outermost(found: readonly LookAlike[]): string[] {
  const paths = new Set(found.map(({ path }) => path));
  return [...paths].filter((path) => {
    for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder))
      if (paths.has(folder)) return false;
    return true;
  });
}

function commonFolder([first = '', ...others]: readonly string[]): string {
  let common = first;
  for (const folder of others)
    while (common !== '' && folder !== common && !folder.startsWith(`${common}/`)) common = folderOf(common);
  return common;
}

/** In a few words, for who lists runs: "2 runs of W&B in wandb, 1 file of DVC in the book". */
export function lookAlikeWords(findings: readonly Finding[]): string {
  return findings
    .map(({ found, file }) => `${shortOf(found)} in ${file === '.' ? 'the book' : file}`)
    .join(', ');
}

function shortOf(found: string): string {
  return found.replace(/^what looks like /, '').replace(/(?: in [\d,]+ folders)? \([^()]*\)$/, '');
}
