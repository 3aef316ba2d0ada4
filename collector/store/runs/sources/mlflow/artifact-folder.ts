import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, joinPlace } from '../../../../runs/key.ts';

/**
 * The folder of the book that an address of artifacts means, seen from the database or folder of runs that names it: the
 * longest end of its path that is there, of three parts at least, for it may be that of another machine; undefined for none.
 */
export function artifactFolder(root: string, store: string, uri: string | undefined): string | undefined {
  if (uri === undefined) return undefined;
  const isServed = uri.startsWith('mlflow-artifacts:');
  if (!isServed && /^[a-z][a-z0-9+.-]+:/i.test(uri) && !uri.startsWith('file:')) return undefined;
  const parts = decoded(uri.replace(/^(?:mlflow-artifacts|file):(?:\/\/[^/]*)?/, ''))
    .split(/[/\\]/)
    .filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return undefined;
  const home = folderOf(store);
  const roots = isServed ? ['mlartifacts', 'mlruns', ''] : ['', 'mlruns'];
  for (let from = 0; from <= parts.length - 3; from++) {
    for (const each of roots) {
      const folder = joinPlace(home, joinPlace(each, parts.slice(from).join('/')));
      if (existsSync(join(root, folder, '.'))) return folder;
    }
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
