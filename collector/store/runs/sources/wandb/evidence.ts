import { numberIn } from '../../../../base/json/exact-number.ts';
import { isObject, type JsonObject } from '../../../../base/json/json.ts';
import { parseTime } from '../../../../base/time.ts';
import type { Finding } from '../../../../formats/findings/finding.ts';
import { numbersIn, timeOf } from '../../../../formats/metrics/points.ts';
import type { MetricsRecord } from '../../../../formats/metrics/record.ts';
import type { WandbLog } from '../../../../formats/wandb/records.ts';
import { configValues, summaryValues } from '../../../../formats/wandb/values.ts';
import type { Evidence, Statement } from '../../../../runs/evidence.ts';
import { folderOf, joinPlace } from '../../../../runs/key.ts';
import { noFacts } from '../artifacts.ts';
import { courseOf } from '../course.ts';
import { attachedFile } from '../files-below.ts';
import { seriesSummary } from '../metrics.ts';
import { membersOf } from '../read-members.ts';
import { factsOf } from './facts.ts';
import { savedFiles, type WandbFiles } from './run-folder.ts';

type Report = (finding: Finding) => void;

const hint = 'What else W&B wrote is shown; restore the file from where it was recorded.';
const configFile = { what: 'the configuration of a run of W&B', hint };
const summaryFile = { what: 'the last values of a run of W&B', hint };
const metadataFile = { what: 'what W&B knows of a run', hint };

/** What a run of W&B left. */
export interface WandbRun {
  files: WandbFiles;
  log: WandbLog | undefined;
  metrics: MetricsRecord;
}

/** What the folder or the log of a run says; nothing where nothing could be read. */
export function wandbEvidence(root: string, path: string, run: WandbRun, report: Report): Evidence[] {
  const { files, log, metrics } = run;
  const [config, summary, metadata] = [
    membersOf(root, files.config, configFile, report),
    membersOf(root, files.summary, summaryFile, report),
    membersOf(root, files.metadata, metadataFile, report),
  ];
  if (
    [config, summary, metadata, log].every((each) => each === undefined) &&
    metrics.series.size === 0 &&
    path === files.log
  )
    return [];
  if (files.log === undefined && metrics.series.size === 0) tellWithoutHistory(files, report);
  const { about, tags, startUs, runtimeSeconds } = log ?? {
    about: {} as Record<string, string>,
    tags: [],
    startUs: undefined,
    runtimeSeconds: undefined,
  };
  const last = summary ?? log?.summary ?? {};
  const id = about['run_id'] ?? files.id;
  const project = about['project'];
  const started = startUs ?? timeIn(metadata, 'startedAt');
  const seconds = runtimeSeconds ?? numberIn(last['_runtime']);
  const says: Statement = {
    name: about['display_name'] || undefined,
    ...(project ? { group: joinPlace(folderOf(files.store), project) } : {}),
    ...endOf(log, started ?? files.startedUs, seconds),
    roughDurationMs: seconds === undefined ? undefined : seconds * 1000,
    atUs: started ?? files.startedUs,
    zoneless: started === undefined && files.startedUs !== undefined,
    seenUs: metrics.lastAtUs ?? timeOf(numberIn(last['_timestamp']))?.us ?? timeIn(metadata, 'heartbeatAt'),
    config: config === undefined ? configValues(log?.config ?? {}) : configValues(config),
    series: seriesSummary(metrics.series.values()),
    values: metrics,
    results: Object.fromEntries(numbersIn(summaryValues(last), '', new Set(), 1)),
    tags,
    description: about['notes'] || undefined,
    artifacts: savedFiles(root, files).map((file) => ({
      ...noFacts,
      id: file.slice(files.files.length + 1),
      type: 'artifact',
      tags: [],
      ...attachedFile(root, file),
    })),
    origin: factsOf({ about, metadata: metadata ?? log?.metadata, config, id }),
    ...(about['sweep_id']
      ? {
          parents: [
            { id: `wandb-sweep:${about['sweep_id']}`, kind: 'sweep' as const, name: about['sweep_id'] },
          ],
        }
      : {}),
  };
  return [
    {
      source: 'wandb',
      file: path,
      folder: files.folder,
      prefix: '',
      store: files.store === '' ? '.' : files.store,
      ...(id === undefined ? {} : { ids: [id] }),
      says,
    },
  ];
}

/** A run that ended by itself says with what; of all others nothing is known. */
function endOf(
  log: WandbLog | undefined,
  startUs: number | undefined,
  seconds: number | undefined,
): ReturnType<typeof courseOf> {
  const { exitCode } = log ?? {};
  const endUs = startUs === undefined || seconds === undefined ? undefined : startUs + seconds * 1e6;
  const statusWord = exitCode === undefined ? undefined : exitCode === 0 ? 'finished' : 'failed';
  return courseOf({ statusWord, startUs, endUs });
}

/** W&B writes the time of Greenwich, and did not always say so. */
function timeIn(metadata: JsonObject | undefined, name: string): number | undefined {
  const text = isObject(metadata) ? metadata[name] : undefined;
  return typeof text === 'string' ? parseTime(text)?.us : undefined;
}

function tellWithoutHistory({ store }: WandbFiles, report: Report): void {
  report({
    code: 'left-out',
    severity: 'note',
    file: store === '' ? '.' : store,
    expected: 'run-<id>.wandb, in which W&B keeps the history of a run',
    found: 'runs without it',
    hint: 'Their settings and last values are shown, and no curves; copy the files from where they were recorded.',
  });
}
