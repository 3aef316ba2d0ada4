import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { plural } from '../../../../base/format/words.ts';
import { timeOf } from '../../../../formats/metrics/points.ts';
import type { Evidence, RunSource } from '../../../../runs/evidence.ts';
import { folderOf, joinPlace, lastPartOf } from '../../../../runs/key.ts';
import { courseOf, fact } from '../course.ts';
import { seriesSummary } from '../metrics.ts';
import { oncePerFolder } from '../once-per-folder.ts';
import { type EventsRead, readEventFiles } from './read-events.ts';

const eventFile = /(?:^|\.)tfevents\.[^/]*$/;

/** Event files of TensorBoard: those of one folder are one run, as TensorBoard shows it. The first of them is claimed for all. */
export const tensorboardSource: RunSource = {
  name: 'tensorboard',
  claims: (path, beside) => {
    const name = lastPartOf(path);
    return eventFile.test(name) && (beside === undefined || firstIn(beside) === name);
  },
  filesOf: (root, path) => ({ read: eventFilesOf(root, path), sized: [] }),
  ofFileAlone: true,
  async read(path, { root, report }) {
    const files = eventFilesOf(root, path);
    const events = readEventFiles(root, files, report);
    if (events.metrics.series.size === 0 && events.session.hparams === undefined && events.others.size === 0)
      return [];
    return [evidenceOf(path, files, events)];
  },
  values: async (path, _key, root) => readEventFiles(root, eventFilesOf(root, path), () => undefined).metrics,
};

function evidenceOf(
  path: string,
  files: readonly string[],
  { metrics, session, others }: EventsRead,
): Evidence {
  const statusWord = session.status === 'UNKNOWN' ? undefined : session.status;
  return {
    source: 'tensorboard',
    file: path,
    folder: folderOf(path),
    prefix: '',
    says: {
      ...courseOf({
        statusWord,
        startUs: timeOf(session.startSeconds)?.us,
        endUs: timeOf(session.endSeconds)?.us,
      }),
      config: session.hparams ?? {},
      series: seriesSummary(metrics.series.values()),
      values: metrics,
      atUs: metrics.firstAtUs,
      seenUs: metrics.lastAtUs,
      origin: {
        facts: [
          ...(files.length > 1 ? fact('Event files', plural(files.length, 'file')) : []),
          ...fact('Not shown', [...others].map(([what, count]) => plural(count, what)).join(', ')),
        ],
      },
    },
  };
}

const firstIn = oncePerFolder((names) => names.filter((name) => eventFile.test(name)).sort()[0]);

/** The event files beside one of them, as they were begun: their names have the time. */
function eventFilesOf(root: string, path: string): string[] {
  const folder = folderOf(path);
  try {
    const names = readdirSync(join(root, folder)).filter((name) => eventFile.test(name));
    return names.sort().map((name) => joinPlace(folder, name));
  } catch {
    return [path];
  }
}
