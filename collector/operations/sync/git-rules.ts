import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { saidBy, tryGit } from '../../base/git.ts';
import { gitPattern } from '../../base/glob-pattern.ts';
import { indexOf, type WorkTree } from './work-tree.ts';

/** Where a rule of git's stands: the file as git names it, the line, its pattern. */
export interface RulePlace {
  file: string;
  line: number;
  pattern: string;
}

/** A path with a content filter: its name, and where it is set if that could be found. */
export interface FilteredPath {
  filter: string;
  rule: RulePlace | undefined;
}

/** Which of some paths an ignore rule keeps out, at whatever level it stands; folders count, too. */
export async function ignoredPaths(
  place: WorkTree,
  paths: readonly string[],
): Promise<Map<string, RulePlace>> {
  const ignored = new Map<string, RulePlace>();
  if (paths.length === 0) return ignored;
  const input = paths.map((path) => `./${path}\0`).join('');
  const result = await tryGit(place.top, ['check-ignore', '-z', '-v', '--stdin'], {
    input,
    plainPaths: true,
    env: indexOf(place),
  });
  // It "fails" where nothing is ignored.
  if (!result.ok && result.stderr !== '')
    throw new DaybookError('git', `git check-ignore failed: ${saidBy(result)}`, { where: place.top });
  const fields = result.stdout.split('\0');
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [file = '', line = '', pattern = '', path = ''] = fields.slice(at, at + 4);
    if (!pattern.startsWith('!'))
      ignored.set(path.replace(/^\.\//, ''), { file, line: Number(line), pattern });
  }
  return ignored;
}

/** Which of some paths git would store as something else than their bytes (LFS, encryption), and which line says so. */
export async function filteredPaths(
  place: WorkTree,
  paths: readonly string[],
): Promise<Map<string, FilteredPath>> {
  const filtered = new Map<string, FilteredPath>();
  if (paths.length === 0) return filtered;
  const input = paths.map((path) => `${path}\0`).join('');
  const options = { input, plainPaths: true };
  const result = await tryGit(place.top, ['check-attr', '-z', '--stdin', 'filter'], options);
  if (!result.ok)
    throw new DaybookError('git', `git check-attr failed: ${saidBy(result)}`, { where: place.top });
  const fields = result.stdout.split('\0');
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = '', , filter = ''] = fields.slice(at, at + 3);
    if (['unspecified', 'unset', 'set'].includes(filter)) continue;
    filtered.set(path, { filter, rule: await findAttribute(place, path, filter) });
  }
  return filtered;
}

/** Git does not say which line sets an attribute: the last that fits, in the file that comes first. */
async function findAttribute(place: WorkTree, path: string, filter: string): Promise<RulePlace | undefined> {
  const files: { file: string; folder: string }[] = [
    { file: join(place.gitFolder, 'info/attributes'), folder: '' },
  ];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const prefix = folder === '.' ? '' : `${folder}/`;
    files.push({ file: `${prefix}.gitattributes`, folder: prefix });
    if (folder === '.') break;
  }
  const configured = await tryGit(place.top, ['config', '--type=path', '--get', 'core.attributesFile']);
  const home = process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  const global = configured.ok ? configured.stdout.trim() : join(home, 'git/attributes');
  files.push({ file: global, folder: '' }, { file: '/etc/gitattributes', folder: '' });
  for (const { file, folder } of files) {
    const found = lastLineFor(
      join(file.startsWith('/') ? '' : place.top, file),
      path.slice(folder.length),
      filter,
    );
    if (found !== undefined) return { file, ...found };
  }
  return undefined;
}

function lastLineFor(
  file: string,
  path: string,
  filter: string,
): { line: number; pattern: string } | undefined {
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split(/\r?\n/);
  for (let at = lines.length - 1; at >= 0; at--) {
    const [pattern = '', ...attributes] = lines[at]!.trim().split(/\s+/);
    const sets = attributes.includes(`filter=${filter}`) || isMacroFor(lines, attributes, filter);
    if (sets && !pattern.startsWith('#') && gitPattern(pattern).test(path)) return { line: at + 1, pattern };
  }
  return undefined;
}

/** "[attr]big filter=lfs" lets "big" stand for it. */
function isMacroFor(lines: readonly string[], attributes: readonly string[], filter: string): boolean {
  return lines.some((line) => {
    const [, name, rest = ''] = /^\s*\[attr\](\S+)\s+(.*)$/.exec(line) ?? [];
    return name !== undefined && attributes.includes(name) && rest.split(/\s+/).includes(`filter=${filter}`);
  });
}
