import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { bookPath, isInside } from '../../base/paths.ts';
import { ledgerIdentifier, placeOfKey } from '../../runs/key.ts';

/** What a program records within, as `daybook exec` told it. */
export interface Within {
  /** Key of the run that it is. */
  run?: string;
  /** Absolute folder of that run. */
  runFolder?: string;
  /** Id of the action that it is. */
  action?: string;
}

/** The run and the action that this process is part of; nothing where it was told so for another book than `root`. */
export function recordedWithin(root: string, env: NodeJS.ProcessEnv = process.env): Within {
  const { DAYBOOK_BOOK: book, DAYBOOK_RUN: run, DAYBOOK_RUN_DIR: folder, DAYBOOK_ACTION: action } = env;
  if (!(run || folder || action) || (book && !isSameFolder(book, root))) return {};
  const runFolder = folder ? resolve(root, folder) : run ? folderOfRun(root, run) : undefined;
  const key = run || (runFolder === undefined ? undefined : keyOf(root, runFolder));
  return {
    ...(key !== undefined && { run: key.slice(0, 200) }),
    ...(runFolder !== undefined && { runFolder }),
    ...(action && { action: action.slice(0, 200) }),
  };
}

/** What `daybook exec` tells its command: the book, the action that it is, and the run where there is one. */
export function environmentWithin(
  root: string,
  { run, action }: { run: string | undefined; action: string },
  env: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const told: NodeJS.ProcessEnv = { ...env, DAYBOOK_BOOK: root, DAYBOOK_ACTION: action };
  const { run: outer, runFolder } = recordedWithin(root, env);
  const folder = run === undefined || run === outer ? runFolder : folderOfRun(root, run);
  delete told['DAYBOOK_RUN'];
  delete told['DAYBOOK_RUN_DIR'];
  if (run !== undefined) told['DAYBOOK_RUN'] = run;
  if (folder !== undefined) told['DAYBOOK_RUN_DIR'] = folder;
  return told;
}

/** The folder that a run of this key has or would have; undefined where the key is no place in the book. */
export function folderOfRun(root: string, key: string): string | undefined {
  const place = placeOfKey(key, (ledger) => existsSync(join(root, ledger, 'metadata.json')));
  if (place === undefined || isAbsolute(place)) return undefined;
  const folder = join(root, place);
  return isInside(root, folder) ? folder : undefined;
}

/** Where a file called `name` of a run lies: in its folder, named after the run where a ledger may have others there, too. */
export function fileOfRun(root: string, run: string, name: string): string | undefined {
  const folder = folderOfRun(root, run);
  if (folder === undefined) return undefined;
  const identifier = ledgerIdentifier(run);
  const isName = identifier !== undefined && /^[\w.-]+$/.test(identifier);
  return join(folder, isName ? `${identifier}_${name}` : name);
}

function keyOf(root: string, folder: string): string | undefined {
  return isInside(root, folder) ? bookPath(root, folder) || '.' : undefined;
}

function isSameFolder(a: string, b: string): boolean {
  if (resolve(a) === resolve(b)) return true;
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}
