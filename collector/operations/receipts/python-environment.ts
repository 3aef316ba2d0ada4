import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A Python environment as its folder shows it; nothing is run. */
export interface PythonEnvironment {
  /** "3.11.7", or "3.11" where only the folder says it. */
  version: string | undefined;
  /** Version by name, sorted. */
  packages: Record<string, string>;
}

/**
 * The environment of the program that records (DAYBOOK_PYTHON names its interpreter), else the one that is active
 * (VIRTUAL_ENV, CONDA_PREFIX), else the one in .venv; undefined where there is none.
 */
export function findPythonEnvironment(folder: string, env: NodeJS.ProcessEnv): PythonEnvironment | undefined {
  const own = env['DAYBOOK_PYTHON'];
  const candidates = own
    ? [dirname(dirname(own)), dirname(own)]
    : [env.VIRTUAL_ENV, env.CONDA_PREFIX, join(folder, '.venv'), join(folder, 'venv')];
  const place = candidates.find((each) => each !== undefined && each !== '' && isEnvironment(each));
  if (place === undefined) return undefined;
  const libraries = libraryFolders(place);
  return { version: versionOf(place, libraries), packages: packagesIn(libraries.map(({ path }) => path)) };
}

function isEnvironment(place: string): boolean {
  return existsSync(join(place, 'pyvenv.cfg')) || existsSync(join(place, 'conda-meta'));
}

function libraryFolders(place: string): { path: string; version: string | undefined }[] {
  const found = namesIn(join(place, 'lib'))
    .filter((name) => /^python\d+\.\d+/.test(name))
    .map((name) => ({
      path: join(place, 'lib', name, 'site-packages'),
      version: name.slice('python'.length),
    }));
  return [...found, { path: join(place, 'Lib', 'site-packages'), version: undefined }];
}

function versionOf(place: string, libraries: { version: string | undefined }[]): string | undefined {
  const settings = textOf(join(place, 'pyvenv.cfg'));
  const stated = /^version(?:_info)?\s*=\s*(\d+\.\d+(?:\.\d+)?)/m.exec(settings)?.[1];
  const conda = namesIn(join(place, 'conda-meta')).find((name) => /^python-\d/.test(name));
  return stated ?? conda?.split('-')[1] ?? libraries.find(({ version }) => version !== undefined)?.version;
}

function packagesIn(folders: string[]): Record<string, string> {
  const names = folders.flatMap((folder) => namesIn(folder));
  const found = names
    .map((name) => /^(.+?)-([^-]+)(?:-.*)?\.(?:dist-info|egg-info)$/.exec(name))
    .filter((match) => match !== null)
    .map((match): [string, string] => [match[1]!.replaceAll('_', '-').toLowerCase(), match[2]!]);
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
