import type { Evidence, RunSource } from '../../../../runs/evidence.ts';
import { joinPlace } from '../../../../runs/key.ts';
import type { RunArtifact } from '../../../../runs/record.ts';
import { noFacts } from '../artifacts.ts';
import { attachedFile, filesBelow } from '../files-below.ts';
import { seriesSummary } from '../metrics.ts';
import { membersOf } from '../read-members.ts';
import { isLiveFile, liveFolder, livePlots } from './live-folder.ts';

const mostArtifacts = 1000;
const hint = 'What else DVCLive wrote is shown; correct this file, or restore it from where it was recorded.';
const summary = { what: 'the last values of the metrics, as DVCLive writes them', hint };
const params = { what: 'parameters, as DVCLive writes them', hint, byHand: true };

/** dvclive/: the folder of DVCLive, found by its metrics.json, with a table for each metric and params.yaml beside. */
export const dvcliveSource: RunSource = {
  name: 'dvclive',
  claims: isLiveFile,
  filesOf: (root, path) => ({
    read: [path, paramsOf(path), ...livePlots(root, path).map(({ file }) => file)],
    sized: attachedIn(root, path),
  }),
  ofFileAlone: true,
  async read(path, { root, report }): Promise<Evidence[]> {
    const { liveMetrics, liveValues } = await tables();
    const folder = liveFolder(path);
    const values = membersOf(root, path, summary, report);
    const metrics = liveMetrics(root, path, report);
    if (values === undefined && metrics.series.size === 0) return [];
    return [
      {
        source: 'dvclive',
        file: path,
        folder,
        prefix: '',
        several: true,
        says: {
          config: membersOf(root, paramsOf(path), params, report) ?? {},
          series: seriesSummary(metrics.series.values()),
          values: metrics,
          results: values === undefined ? {} : liveValues(values),
          atUs: metrics.firstAtUs,
          seenUs: metrics.lastAtUs,
          artifacts: attachedIn(root, path).map((file) => artifactAt(root, folder, file)),
        },
      },
    ];
  },
  values: async (path, _key, root) => (await tables()).liveMetrics(root, path, () => undefined),
};

/** What reads tables is loaded where there are some. */
const tables = () => import('./live-metrics.ts');

function paramsOf(path: string): string {
  return joinPlace(liveFolder(path), 'params.yaml');
}

/** Pictures and plots of other kinds than tables of metrics. */
function attachedIn(root: string, path: string): string[] {
  const plots = joinPlace(liveFolder(path), 'plots');
  return filesBelow(root, plots, mostArtifacts)
    .filter((each) => !/^(?:metrics|scalars)\//.test(each))
    .map((each) => `${plots}/${each}`);
}

function artifactAt(root: string, folder: string, file: string): RunArtifact {
  const id = folder === '' ? file : file.slice(folder.length + 1);
  return { ...noFacts, id, type: 'plot', tags: [], ...attachedFile(root, file) };
}
