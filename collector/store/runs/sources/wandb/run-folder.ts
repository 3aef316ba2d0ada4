import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseTime } from '../../../../base/time.ts';
import { folderOf, joinPlace, lastPartOf } from '../../../../runs/key.ts';
import { filesBelow } from '../files-below.ts';

const folderName = /^(?:offline-)?run-(\d{4})(\d{2})(\d{2})_(\d{2})(\d{2})(\d{2})-(.+)$/;
/** Files that are read, not listed. */
const known = new Set([
  'config.yaml',
  'wandb-summary.json',
  'wandb-metadata.json',
  'wandb-history.jsonl',
  'wandb-events.jsonl',
]);
const mostArtifacts = 1000;

/** Whether a folder is that of a run, by its name and what lies in it; "latest-run" is one of them again. */
export function isWandbFolder(path: string, names: ReadonlySet<string>): boolean {
  if (!folderName.test(lastPartOf(path))) return false;
  return names.has('files') || [...names].some((name) => name.endsWith('.wandb'));
}

/** Where the parts of a run lie; a .wandb file alone is one, too. */
export interface WandbFiles {
  folder: string;
  /** What holds all runs: "wandb". */
  store: string;
  id: string | undefined;
  /** When it began, in the time of that machine, as the name of its folder says. */
  startedUs: number | undefined;
  log: string | undefined;
  config: string;
  summary: string;
  metadata: string;
  history: string;
  files: string;
}

/** The parts of the run in a folder, or of the one whose log a file is. */
export function wandbFiles(root: string, path: string): WandbFiles {
  const isLog = path.endsWith('.wandb');
  const folder = isLog ? folderOf(path) : path;
  const files = joinPlace(folder, 'files');
  const [, year, month, day, hour, minute, second, id] = folderName.exec(lastPartOf(folder)) ?? [];
  const time =
    year === undefined ? undefined : parseTime(`${year}-${month}-${day} ${hour}:${minute}:${second}`);
  return {
    folder,
    store: folderOf(folder),
    id: id ?? (isLog ? lastPartOf(path).replace(/^run-|\.wandb$/g, '') : undefined),
    startedUs: time?.us,
    log: isLog ? path : logIn(root, folder),
    config: `${files}/config.yaml`,
    summary: `${files}/wandb-summary.json`,
    metadata: `${files}/wandb-metadata.json`,
    history: `${files}/wandb-history.jsonl`,
    files,
  };
}

/** What else a run saved: its output, media, code, requirements. */
export function savedFiles(root: string, { files }: WandbFiles): string[] {
  return filesBelow(root, files, mostArtifacts)
    .filter((name) => !known.has(name))
    .map((name) => `${files}/${name}`);
}

function logIn(root: string, folder: string): string | undefined {
  try {
    const name = readdirSync(join(root, folder)).find((each) => each.endsWith('.wandb'));
    return name === undefined ? undefined : joinPlace(folder, name);
  } catch {
    return undefined;
  }
}
