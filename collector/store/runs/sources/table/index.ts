import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { noPoints } from '../../../../formats/metrics/record.ts';
import type { ComparedRun } from '../../../../formats/table/comparison.ts';
import type { TableSeries } from '../../../../formats/table/series.ts';
import type { Evidence, RunSource } from '../../../../runs/evidence.ts';
import { folderOf, lastPartOf } from '../../../../runs/key.ts';
import { configPath } from '../../../layout.ts';
import { seriesSummary } from '../metrics.ts';

/** Names of tables of metrics: YOLO's results.csv, Lightning's metrics.csv, Keras' training.log, and what people call theirs. */
const names =
  /^(?:(?:results?|metrics|history|progress|training[_-]?log|train[_-]?log|log|comparison|leaderboard|ablations?|experiments|runs)\.(?:csv|tsv)|training\.log)$/i;

/** Tables of metrics, comma or tab between cells: the points of a run by their steps, or a run in each row. */
export const tableSource: RunSource = {
  name: 'table',
  claims: (path) => names.test(lastPartOf(path)),
  // What daybook.yaml says of a table is part of what it says.
  filesOf: (root, path) => {
    const config = basename(configPath(root));
    return { read: existsSync(join(root, config)) ? [path, config] : [path], sized: [] };
  },
  ofFileAlone: true,
  async read(path, { root, report }) {
    const table = await (await reader()).readTableFile(root, path, report);
    if (table === undefined) return [];
    return 'points' in table
      ? [pointsEvidence(path, table.points)]
      : table.runs.map((run) => rowEvidence(path, run));
  },
  values: async (path, _key, root) => {
    const table = await (await reader()).readTableFile(root, path, () => undefined);
    return table !== undefined && 'points' in table ? table.points.record : noPoints();
  },
};

/** What reads tables is loaded where there are some. */
const reader = () => import('./read-log.ts');

function pointsEvidence(path: string, { record, step }: TableSeries): Evidence {
  const file = lastPartOf(path);
  const counted = step === undefined ? `rows of ${file} are counted` : `column "${step}" of ${file}`;
  return {
    source: 'table',
    file: path,
    folder: folderOf(path),
    prefix: '',
    several: true,
    says: {
      series: seriesSummary(record.series.values()),
      values: record,
      atUs: record.firstAtUs,
      seenUs: record.lastAtUs,
      zoneless: record.zoneless,
      origin: { facts: [['Steps', counted]] },
    },
  };
}

function rowEvidence(path: string, { name, values, texts }: ComparedRun): Evidence {
  const key = `${path}/${name}`;
  return {
    source: 'table',
    file: path,
    folder: key,
    prefix: '',
    registered: { key, identifier: path, uid: name },
    ids: [key],
    says: { name, config: texts, results: values },
  };
}
