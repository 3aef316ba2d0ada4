import { folderOf, joinPlace, lastPartOf } from '../../../../runs/key.ts';
import { filesBelow } from '../files-below.ts';

/** Where versions of DVCLive put a table for each metric. */
const plotFolders = ['plots/metrics', 'plots/scalars', 'scalars'];
const mostPlots = 2000;

/** dvclive/metrics.json, or a metrics.json beside plots; the first versions wrote dvclive.json beside the folder. */
export function isLiveFile(path: string, beside?: ReadonlySet<string>): boolean {
  const name = lastPartOf(path);
  if (name === 'metrics.json')
    return beside === undefined || beside.has('plots') || lastPartOf(folderOf(path)) === 'dvclive';
  return name === 'dvclive.json';
}

/** The folder of which a file of DVCLive speaks: dvclive/metrics.json of the one around it, dvclive.json of the one beside it. */
export function liveFolder(path: string): string {
  const name = lastPartOf(path);
  return name === 'metrics.json' ? folderOf(path) : joinPlace(folderOf(path), name.slice(0, -'.json'.length));
}

/** The tables of metrics in a folder of DVCLive, each with the name of its metric. */
export function livePlots(root: string, path: string): { name: string; file: string }[] {
  const folder = liveFolder(path);
  const nested = plotFolders.flatMap((plots) =>
    filesBelow(root, joinPlace(folder, plots), mostPlots).map((each) => ({
      name: each.slice(0, -'.tsv'.length),
      file: joinPlace(folder, `${plots}/${each}`),
    })),
  );
  // The first versions had no folder for them.
  const bare = lastPartOf(path) === 'metrics.json' ? [] : filesBelow(root, folder, mostPlots);
  const first = bare
    .filter((each) => !plotFolders.some((plots) => each.startsWith(`${plots}/`)))
    .map((each) => ({ name: each.slice(0, -'.tsv'.length), file: `${folder}/${each}` }));
  return [...nested, ...first].filter(({ file }) => file.endsWith('.tsv'));
}
