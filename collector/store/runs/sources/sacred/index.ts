import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { noPoints } from '../../../../formats/metrics/record.ts';
import { sacredMetrics } from '../../../../formats/sacred/metrics.ts';
import type { Evidence, RunSource } from '../../../../runs/evidence.ts';
import { folderOf, joinPlace, lastPartOf } from '../../../../runs/key.ts';
import type { RunArtifact } from '../../../../runs/record.ts';
import { noFacts } from '../artifacts.ts';
import { attachedFile } from '../files-below.ts';
import { seriesSummary } from '../metrics.ts';
import { placeInBook } from '../place-in-book.ts';
import { membersOf } from '../read-members.ts';
import { sacredRun } from './statement.ts';

const hint = 'What else Sacred wrote is shown; restore the file from where it was recorded.';
const runFile = { what: 'what Sacred knows of a run', hint };
const configFile = { what: 'the configuration of a run of Sacred', hint };
const metricsFile = { what: 'metrics of Sacred, each with steps, timestamps and values', hint };

/** run.json beside config.json: a run as the FileStorageObserver of Sacred writes it. */
export const sacredSource: RunSource = {
  name: 'sacred',
  claims: (path, beside) =>
    lastPartOf(path) === 'run.json' &&
    (beside === undefined || beside.has('config.json') || beside.has('cout.txt')),
  filesOf: (_root, path) => ({
    read: ['run.json', 'config.json', 'metrics.json'].map((name) => joinPlace(folderOf(path), name)),
    sized: [],
  }),
  ofFileAlone: true,
  async read(path, { root, report }): Promise<Evidence[]> {
    const folder = folderOf(path);
    const raw = membersOf(root, path, runFile, report);
    const config = membersOf(root, joinPlace(folder, 'config.json'), configFile, report);
    const metrics = metricsIn(root, folder, report);
    if (raw === undefined && config === undefined && metrics.series.size === 0) return [];
    const { says, artifacts } = sacredRun(raw ?? {});
    return [
      {
        source: 'sacred',
        file: path,
        folder,
        prefix: '',
        says: {
          ...says,
          config: config ?? {},
          series: seriesSummary(metrics.series.values()),
          values: metrics,
          seenUs: Math.max(says.seenUs ?? 0, metrics.lastAtUs ?? 0) || undefined,
          artifacts: artifacts.map((name) => artifactAt(root, folder, name)),
        },
      },
    ];
  },
  values: async (path, _key, root) => metricsIn(root, folderOf(path), () => undefined),
};

/** A file that Sacred kept; of one that lies outside of the book only the name is shown. */
function artifactAt(root: string, folder: string, name: string): RunArtifact {
  const file = placeInBook(folder, name);
  const attached = file !== undefined && existsSync(join(root, file)) ? attachedFile(root, file) : {};
  return { ...noFacts, id: lastPartOf(name), type: 'artifact', path: file ?? name, tags: [], ...attached };
}

function metricsIn(root: string, folder: string, report: Parameters<typeof membersOf>[3]) {
  const file = joinPlace(folder, 'metrics.json');
  if (!existsSync(join(root, file))) return noPoints();
  return sacredMetrics(membersOf(root, file, metricsFile, report) ?? {}, file, report);
}
