import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';

/** Repositories or data as a caller may name them: one path, a list (named by last component), or a map. */
export type NamedPaths = string | readonly string[] | Readonly<Record<string, string>>;

/** Paths by name. */
export type PathMap = Map<string, string>;

/**
 * The paths by name; in lists the name is the last component of the path.
 * @throws DaybookError `bad-input` that names both paths, where two would have one name.
 */
export function resolveNamedPaths(given: NamedPaths | undefined, what: string, from: string): PathMap {
  const named: PathMap = new Map();
  if (given === undefined) return named;
  const list = typeof given === 'string' ? [given] : given;
  const entries = Array.isArray(list)
    ? list.map((path: string): [string, string] => [lastComponent(path, from), path])
    : Object.entries(list);
  for (const [name, path] of entries) addNamed(named, name, path, what);
  return named;
}

/** The words of `--data [name=]path`; a path that exists as it stands has no name, whatever its characters. */
export function parseNamedPaths(words: readonly string[], what: string, from: string): PathMap {
  const named: PathMap = new Map();
  for (const word of words) {
    const match = /^([\w.@+-]+)=(.+)$/s.exec(word);
    const isNamed = match !== null && !existsSync(resolve(from, word));
    if (isNamed) addNamed(named, match[1]!, match[2]!, what);
    else addNamed(named, lastComponent(word, from), word, what);
  }
  return named;
}

function addNamed(named: PathMap, name: string, path: string, what: string): void {
  const other = named.get(name);
  if (other !== undefined) {
    throw new DaybookError(
      'bad-input',
      `Two entries of ${what} are called "${name}": ${other} and ${path}.`,
      {
        hint: `Name one of them: other=${path}.`,
      },
    );
  }
  if (path === '')
    throw new DaybookError('bad-input', `Expected a path for "${name}" in ${what}, found nothing.`);
  named.set(name, path);
}

function lastComponent(path: string, from: string): string {
  return basename(resolve(from, path)) || 'root';
}
