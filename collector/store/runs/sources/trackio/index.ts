import { join } from 'node:path';
import { messageOf } from '../../../../base/errors.ts';
import { showText } from '../../../../base/show.ts';
import type { Evidence, RunSource } from '../../../../runs/evidence.ts';
import { lastPartOf } from '../../../../runs/key.ts';
import { fact } from '../course.ts';
import { seriesSummary } from '../metrics.ts';
import { databaseFiles, withDatabase } from '../mlflow/database.ts';
import { TrackioRows, type TrackioRun } from './rows.ts';

/** trackio/<project>.db: the database in which Trackio keeps the runs of a project. */
export const trackioSource: RunSource = {
  name: 'trackio',
  registers: true,
  claims: (path) => /(?:^|\/)\.?trackio\/[^/]+\.db$/.test(path),
  claimsByPath: true,
  filesOf: databaseFiles,
  ofFileAlone: true,
  async read(path, { root, report }) {
    const tell = (code: 'unreadable' | 'wrong-schema', found: string, hint: string) =>
      report({
        code,
        severity: code === 'unreadable' ? 'warning' : 'note',
        file: path,
        expected: 'a database of Trackio (SQLite)',
        found,
        hint,
      });
    try {
      return withDatabase(join(root, path), (database) => {
        const rows = new TrackioRows(database);
        if (rows.isTrackio) return rows.runs().map((run) => evidenceOf(path, run, rows));
        tell(
          'wrong-schema',
          'one without a table of metrics',
          'Nothing needs to be done if it is of another program.',
        );
        return [];
      });
    } catch (error) {
      tell(
        'unreadable',
        showText(messageOf(error), 160),
        'Its runs are not shown; check who may read it, and try again when nobody writes it.',
      );
      return [];
    }
  },
  values: async (path, key, root) =>
    withDatabase(join(root, path), (database) => new TrackioRows(database).metrics(lastPartOf(key))),
};

function evidenceOf(path: string, { id, name }: TrackioRun, rows: TrackioRows): Evidence {
  const project = lastPartOf(path).slice(0, -'.db'.length);
  const key = `${path}/${id}`;
  const config = Object.entries(rows.config(id));
  const metrics = rows.metrics(id);
  const group = config.find(([member]) => member === '_Group')?.[1];
  return {
    source: 'trackio',
    file: path,
    folder: key,
    prefix: '',
    registered: { key, identifier: project, uid: id },
    ids: [id],
    says: {
      name,
      // What Trackio keeps for itself begins so, the name of a person among it.
      config: Object.fromEntries(config.filter(([member]) => !member.startsWith('_'))),
      series: seriesSummary(metrics.series.values()),
      startedAtUs: metrics.firstAtUs,
      seenUs: metrics.lastAtUs,
      origin: { facts: [...fact('Project', project), ...fact('Group', group), ...fact('Trackio run', id)] },
    },
  };
}
