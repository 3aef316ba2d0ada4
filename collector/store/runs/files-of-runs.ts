import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSource } from '../../runs/evidence.ts';
import type { RunRecord } from '../../runs/record.ts';
import { besideOf, type RunFiles } from './find-run-files.ts';
import { filesOfSource, sourceNamed } from './source-files.ts';

/** Every file that runs are made from, by the kind it is of, and beside that what counts by name and size alone, as a text. */
export function filesByKind(
  root: string,
  { bySource }: Pick<RunFiles, 'bySource'>,
): { files: [kind: string, paths: string[]][]; sized: string } {
  const sized: string[] = [];
  const files = Object.entries(bySource).map(([kind, paths]): [string, string[]] => {
    const source = sourceNamed(kind);
    if (source?.filesOf === undefined) return [kind, paths];
    const read = new Set<string>();
    for (const path of paths) {
      const each = source.filesOf(root, path);
      for (const file of each.read) read.add(file);
      for (const file of each.sized)
        sized.push(`${file} ${lstatSync(join(root, file), { throwIfNoEntry: false })?.size ?? '-'}`);
    }
    return [kind, [...read]];
  });
  return { files, sized: sized.join('\n') };
}

/** Every file that runs are made from and what is read with it, each with its source where that reads more than the file. */
export function filesReadOf({ bySource, configs, summaries }: RunFiles): {
  files: string[];
  claimed: [source: RunSource, path: string][];
} {
  const files = [...configs, ...summaries].flatMap((path) => [path, ...besideOf(path)]);
  const claimed: [RunSource, string][] = [];
  for (const [name, paths] of Object.entries(bySource)) {
    // The log is looked at by itself.
    if (name === 'action') continue;
    const source = sourceNamed(name);
    if (source?.filesOf === undefined) files.push(...paths.flatMap((path) => [path, ...besideOf(path)]));
    else claimed.push(...paths.map((path): [RunSource, string] => [source, path]));
  }
  return { files, claimed };
}

/** The files that the series of a run are read from. */
export function seriesFiles(root: string, { files }: Pick<RunRecord, 'files'>): string[] {
  return files.flatMap(({ kind, path }) => {
    const source = sourceNamed(kind);
    return source?.values === undefined ? [] : filesOfSource(root, source, path).read;
  });
}
