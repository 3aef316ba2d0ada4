import type { Finding } from '../../../../formats/findings/finding.ts';
import { type MetricsRecord, noPoints } from '../../../../formats/metrics/record.ts';
import { readMetricText, seriesOf } from '../../../../formats/mlflow/metric-file.ts';
import { folderOf, lastPartOf } from '../../../../runs/key.ts';
import { readTextFile } from '../../read-text.ts';
import { filesBelow } from '../files-below.ts';

const runId = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const parts = ['metrics', 'params', 'tags'] as const;

/**
 * Whether a folder is that of a run: MLflow gives it a number for a name, and puts what it knows into folders in it. Where a
 * database has the runs, only their artifacts lie in such folders.
 */
export function isRunFolder(path: string, names: ReadonlySet<string>): boolean {
  if (!runId.test(lastPartOf(path))) return false;
  const found = parts.filter((part) => names.has(part)).length;
  if (names.has('meta.yaml')) return found > 0 || names.has('artifacts') || isInStore(path);
  return found > 1 || (found === 1 && isInStore(path));
}

/** The folder of the experiment that a run lies in, and the one that holds all experiments. */
export function placesOf(path: string): { experiment: string; store: string; isTrash: boolean } {
  const experiment = folderOf(path);
  const around = folderOf(experiment);
  const isTrash = lastPartOf(around) === '.trash';
  return { experiment, store: isTrash ? folderOf(around) : around, isTrash };
}

/** What a run logged, by name: the files of a folder, whose paths are the names. */
export function readTexts(
  root: string,
  folder: string,
  what: string,
  report: (finding: Finding) => void,
): Map<string, string> {
  const texts = new Map<string, string>();
  for (const name of filesBelow(root, folder)) {
    const text = readTextFile(root, `${folder}/${name}`, what, report);
    if (text !== undefined) texts.set(name, text);
  }
  return texts;
}

/** All series of a run. */
export function readMetrics(root: string, path: string, report: (finding: Finding) => void): MetricsRecord {
  const record: MetricsRecord = noPoints();
  for (const [name, text] of readTexts(root, `${path}/metrics`, 'a metric', report)) {
    const points = readMetricText(text, `${path}/metrics/${name}`, report);
    if (points.values.length === 0) continue;
    record.lines += points.values.length;
    for (const timeUs of points.timesUs) {
      if (timeUs === undefined) continue;
      if (!(record.firstAtUs! <= timeUs)) record.firstAtUs = timeUs;
      if (!(record.lastAtUs! >= timeUs)) record.lastAtUs = timeUs;
    }
    record.series.set(name, seriesOf(name, points));
  }
  return record;
}

function isInStore(path: string): boolean {
  return path.split('/').includes('mlruns');
}
