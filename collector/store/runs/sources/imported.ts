import { join } from 'node:path';
import { parseLenientJson } from '../../../base/json/lenient.ts';
import { showText } from '../../../base/show.ts';
import { displayStatusOf } from '../../../formats/actions/status.ts';
import type { Finding } from '../../../formats/findings/finding.ts';
import {
  type ImportedRun,
  importedRunName,
  importedSeriesName,
  parseImportedRun,
  timeOfText,
} from '../../../formats/imported-runs/document.ts';
import { readSeriesLines } from '../../../formats/imported-runs/series.ts';
import type { MetricsRecord } from '../../../formats/metrics/record.ts';
import type { MetricSeries } from '../../../formats/metrics/series.ts';
import { textOfFile } from '../../../formats/text/file.ts';
import { type Evidence, placeOfFile, type RunSource } from '../../../runs/evidence.ts';
import { folderOf, joinPlace, lastPartOf } from '../../../runs/key.ts';
import type { RunParent } from '../../../runs/record.ts';
import { readRecorded, readRecordedIfAny, whyUnreadable } from '../../recorded-file.ts';

/** imported_run.json and imported_series.jsonl: a run that `daybook import` copied from the files of another program. */
export const importedSource: RunSource = {
  name: 'imported',
  claims: (path) => lastPartOf(path) === importedRunName,
  placeOf: (path) => placeOfFile(path, importedRunName),
  filesOf: (_root, path) => ({ read: [path, seriesPath(path)], sized: [] }),
  ofFileAlone: true,
  async read(path, { root, report }) {
    const run = readImportedRun(root, path, report);
    if (run === undefined) return [];
    return [evidenceOf(run, path, await seriesOf(root, path, report))];
  },
  values: (path, _key, root) => seriesOf(root, path, () => undefined),
};

/** What an imported_run.json says; undefined where it says nothing that can be read, which is reported. */
export function readImportedRun(
  root: string,
  path: string,
  report: (finding: Finding) => void,
): ImportedRun | undefined {
  const tell = (found: string) =>
    report({
      code: 'wrong-schema',
      severity: 'error',
      file: path,
      expected: 'a run as daybook import writes it',
      found,
      hint: 'Take it from git, or import it once more.',
    });
  try {
    const { text } = textOfFile(readRecorded(join(root, path)));
    const parsed = parseLenientJson(text ?? '');
    const run = parsed.ok ? parseImportedRun(parsed.value) : undefined;
    if (run === undefined) tell(parsed.ok ? 'another document' : showText(parsed.reason, 120));
    return run;
  } catch (error) {
    tell(whyUnreadable(join(root, path), error));
    return undefined;
  }
}

async function seriesOf(
  root: string,
  path: string,
  report: (finding: Finding) => void,
): Promise<MetricsRecord> {
  const file = seriesPath(path);
  const series = readSeriesLines(textOf(root, file, report), file, report);
  const times = [...series.values()].flatMap(({ timesUs }) => (timesUs === undefined ? [] : endsOf(timesUs)));
  return {
    series,
    lines: 0,
    firstAtUs: times.length === 0 ? undefined : Math.min(...times),
    lastAtUs: times.length === 0 ? undefined : Math.max(...times),
    zoneless: false,
  };
}

/** The text of a file of series; "" where there is none, or it cannot be read, which is reported. */
function textOf(root: string, file: string, report: (finding: Finding) => void): string {
  try {
    return readRecordedIfAny(join(root, file))?.toString('utf8') ?? '';
  } catch (error) {
    report({
      code: 'unreadable',
      severity: 'error',
      file,
      expected: 'the points of an imported run',
      found: whyUnreadable(join(root, file), error),
      hint: 'Parameters and last values are shown; import the run once more to have its points.',
    });
    return '';
  }
}

function evidenceOf(run: ImportedRun, path: string, values: MetricsRecord): Evidence {
  const history = run.history.flatMap(({ at, status }) => {
    const atUs = timeOfText(at);
    return atUs === undefined ? [] : [{ atUs, word: status, status: displayStatusOf(status) }];
  });
  const [startedAtUs, endedAtUs] = [timeOfText(run.started_at), timeOfText(run.ended_at)];
  const isSpan = startedAtUs !== undefined && endedAtUs !== undefined && endedAtUs >= startedAtUs;
  return {
    source: 'imported',
    file: path,
    ...placeOfFile(path, importedRunName),
    ids: [run.from.key],
    says: {
      name: run.name || undefined,
      group: run.group || undefined,
      statusWord: run.status,
      history,
      startedAtUs,
      ...(isSpan && { span: { fromUs: startedAtUs, durationMs: (endedAtUs - startedAtUs) / 1000 } }),
      roughDurationMs: run.duration_ms,
      atUs: timeOfText(run.at),
      config: run.params,
      results: run.metrics,
      directions: run.directions,
      series: [...values.series.values()].map(summaryOf),
      values,
      tags: run.tags,
      description: run.description,
      error: run.error,
      artifacts: run.artifacts.map((each) => ({
        description: undefined,
        tags: [],
        addedAtUs: undefined,
        file: undefined,
        ...each,
        path: each.path,
        bytes: each.bytes,
        digest: each.digest,
      })),
      parents: run.parents.map(({ id, kind, name }) => ({ id, kind: kind as RunParent['kind'], name })),
      origin: {
        commit: run.commit,
        facts: [...run.facts, ['imported from', `${run.from.source}: ${run.from.key}`]],
      },
    },
  };
}

function summaryOf({ name, values, resumed }: MetricSeries): NonNullable<Evidence['says']['series']>[number] {
  const told = resumed && {
    resumed: { by: resumed.by, at: resumed.at, earlier: resumed.earlier.values.length },
  };
  return { name, count: values.length, last: values.at(-1) ?? Number.NaN, ...told };
}

function endsOf(timesUs: Float64Array): number[] {
  return [timesUs[0], timesUs.at(-1)].filter((us): us is number => us !== undefined && Number.isFinite(us));
}

const seriesPath = (path: string) => joinPlace(folderOf(path), importedSeriesName);
