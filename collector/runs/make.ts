import type { JsonValue } from '../base/json/json.ts';
import { displayStatusOf, isFinal, notRecorded } from '../formats/actions/status.ts';
import type { Finding } from '../formats/findings/finding.ts';
import type { Statement } from './evidence.ts';
import { flattenParams } from './flat-params.ts';
import type { JoinedRun } from './join.ts';
import { folderOf, nameOf, slugOf } from './key.ts';
import { firstSaid, ranked } from './precedence.ts';
import type { RunArtifact, RunRecord, Scalar } from './record.ts';
import { standingOf } from './standing.ts';

/** What lies beside a run and counts where the run itself says nothing. */
export interface BesideRun {
  /** config.yaml or config.json, read. */
  config?: { path: string; value: JsonValue } | undefined;
  /** Best values of a complete_summary.json. */
  best?: Record<string, number> | undefined;
}

/** The record of a joined run; artifacts are not looked up yet, parents and staleness not found out. */
export function makeRun(
  joined: JoinedRun,
  beside: BesideRun = {},
  report: (finding: Finding) => void = () => undefined,
): RunRecord {
  const { key, place, evidence } = joined;
  const course = courseOf(joined);
  const { startedAtUs, endedAtUs, history, status } = course;
  const series = seriesOf(joined);
  const said = <Name extends keyof Statement>(name: Name) => firstSaid(evidence, name)?.said;
  const origin = said('origin');
  const badEnd = status === 'failed' || status === 'aborted' ? said('badEnd') : undefined;
  return {
    key,
    slug: slugOf(key),
    name: said('name') ?? nameOf(key),
    place,
    identifier: evidence[0]?.registered?.identifier ?? said('group') ?? folderOf(place),
    status,
    statusWord: course.statusWord,
    statusFrom: course.statusFrom,
    history,
    startedAtUs,
    endedAtUs,
    durationMs: durationOf(joined, course),
    atUs: startedAtUs ?? history[0]?.atUs ?? said('atUs'),
    zoneless: evidence.some(({ says }) => says.zoneless === true),
    params: paramsOf(joined, beside, report),
    paramHash: said('paramHash'),
    metrics: metricsOf(joined, series, beside),
    directions: directionsOf(joined),
    series,
    tags: [...(said('tags') ?? [])],
    description: said('description'),
    error: said('error') ?? badEnd,
    artifacts: artifactsOf(joined),
    stale: undefined,
    parents: (said('parents') ?? []).map(({ name, kind, path }) => ({ key: undefined, name, kind, path })),
    ...(origin === undefined ? {} : { origin }),
    receipt: undefined,
    experiment: undefined,
    ledger: undefined,
    ...Object.assign({}, ...evidence.map(({ says }) => says.documents)),
    files: filesOf(joined, beside),
  };
}

/** How a run went: its status, the changes on the way, its start and end, as far as they are known. */
export interface RunCourse extends Pick<RunRecord, 'status' | 'statusWord' | 'statusFrom' | 'history'> {
  startedAtUs: number | undefined;
  endedAtUs: number | undefined;
}

/** The course of a joined run, in the words of the file that is believed; "not recorded" where none says anything. */
export function courseOf({ evidence }: JoinedRun): RunCourse {
  const word = standingOf(evidence);
  const statusWord = word?.said ?? notRecorded;
  const statusFrom = word?.by.source ?? 'none';
  const status = displayStatusOf(statusWord);
  const history = historyOf(evidence, statusFrom);
  return {
    status,
    statusWord,
    statusFrom,
    history,
    ...spanOf(evidence, history, isFinal(status), statusFrom),
  };
}

/** When a joined run was, for lists: the same time as its record has. */
export function timeOfRun(joined: JoinedRun): number | undefined {
  const { startedAtUs, history } = courseOf(joined);
  return startedAtUs ?? history[0]?.atUs ?? firstSaid(joined.evidence, 'atUs')?.said;
}

/** Every change of status that is known; the two ends of a command are a history only where they say how the run stands. */
function historyOf(evidence: JoinedRun['evidence'], statusFrom: string): RunRecord['history'] {
  const own = ranked(evidence, 'history').find(
    ({ source, says }) =>
      (says.span === undefined || source === statusFrom) && (says.history ?? []).length > 0,
  );
  return own?.says.history ?? [];
}

/** The last attempt: from the last time it began to the end behind it, if the run is over. */
function spanOf(
  evidence: JoinedRun['evidence'],
  history: RunRecord['history'],
  isOver: boolean,
  statusFrom: string,
): Pick<RunCourse, 'startedAtUs' | 'endedAtUs'> {
  const end = isOver ? history.findLast(({ status }) => isFinal(status)) : undefined;
  const start = history.findLast(
    ({ status }, index) => status === 'running' && (end === undefined || index < history.indexOf(end)),
  );
  const startedAtUs = start?.atUs ?? firstSaid(evidence, 'startedAtUs')?.said;
  const measured = measuredIn(evidence, statusFrom);
  if (end !== undefined || measured?.fromUs === undefined) return { startedAtUs, endedAtUs: end?.atUs };
  // What knows how long its command took has the time when it started.
  const fromUs = startedAtUs ?? measured.fromUs;
  return { startedAtUs: fromUs, endedAtUs: isOver ? fromUs + measured.durationMs * 1000 : undefined };
}

/** A measured stretch; what only joins counts where nothing else says how the run stands. */
function measuredIn(evidence: JoinedRun['evidence'], statusFrom: string): Statement['span'] {
  const counting = evidence.filter(({ joinsOnly, source }) => joinsOnly !== true || source === statusFrom);
  return firstSaid(counting, 'span')?.said;
}

function durationOf(
  { evidence }: JoinedRun,
  { startedAtUs, endedAtUs, statusFrom }: RunCourse,
): number | undefined {
  // Clocks that were set back make spans that cannot be.
  const isSpan = startedAtUs !== undefined && endedAtUs !== undefined && endedAtUs >= startedAtUs;
  const measured = measuredIn(evidence, statusFrom)?.durationMs;
  return (
    measured ?? (isSpan ? (endedAtUs - startedAtUs) / 1000 : firstSaid(evidence, 'roughDurationMs')?.said)
  );
}

/** The configurations in the order in which they are believed, then what lies beside the run. */
function paramsOf(
  { key, place, evidence }: JoinedRun,
  { config }: BesideRun,
  report: (finding: Finding) => void,
): Record<string, Scalar> {
  const params: Record<string, Scalar> = Object.create(null);
  let lost = 0;
  const saying = ranked(evidence, 'config').filter(({ says }) => says.config !== undefined);
  for (const each of [...saying.map(({ says }) => says.config), config?.value]) {
    if (each !== undefined) lost += flattenParams(each, params);
  }
  if (lost === 0) return params;
  report({
    code: 'too-long',
    severity: 'note',
    file: saying[0]?.file ?? config?.path ?? (place || key),
    expected: 'a configuration that can be shown in columns',
    found: `${lost} more parameters than that`,
    hint: 'They are in the file; large tables are better kept apart from parameters.',
  });
  return params;
}

/** The series of all files of a run; a name that occurs in several files is told apart by the file from the second on. */
function seriesOf({ evidence }: JoinedRun): RunRecord['series'] {
  const series = new Map<string, RunRecord['series'][number]>();
  for (const { file, says } of evidence) {
    for (const each of says.series ?? []) {
      const name = series.has(each.name) ? `${each.name} (${file})` : each.name;
      series.set(name, { ...each, name });
    }
  }
  return [...series.values()];
}

/** Best values where some are recorded, else what came out in the end, else the last ones. */
function metricsOf(
  { evidence }: JoinedRun,
  series: RunRecord['series'],
  beside: BesideRun,
): Record<string, number> {
  const metrics: Record<string, number> = Object.create(null);
  for (const { name, last } of series) metrics[name] = last;
  for (const { says } of ranked(evidence, 'results').toReversed()) Object.assign(metrics, says.results);
  const best = ranked(evidence, 'best').toReversed();
  for (const [name, value] of Object.entries(beside.best ?? {})) metrics[name] = value;
  for (const { says, within, file } of best) {
    for (const [name, value] of Object.entries(says.best ?? {})) {
      // Two reports beside one run can both count tests.
      const isTaken = within !== undefined && Object.hasOwn(metrics, name) && metrics[name] !== value;
      metrics[isTaken ? `${name} (${file})` : name] = value;
    }
  }
  return metrics;
}

/** Which way each metric is better; of one that several tell of, as the one who is believed first says. */
function directionsOf({ evidence }: JoinedRun): Record<string, 'min' | 'max'> {
  const told = ranked(evidence, 'directions').toReversed();
  return Object.assign(Object.create(null), ...told.map(({ says }) => says.directions));
}

/** All artifacts; of a path that several name, the one who is believed first tells. */
function artifactsOf({ evidence }: JoinedRun): RunArtifact[] {
  const artifacts: RunArtifact[] = [];
  for (const { says } of ranked(evidence, 'artifacts')) {
    const known = new Set(artifacts.map(({ path }) => path));
    for (const each of says.artifacts ?? []) {
      if (each.path === undefined || !known.has(each.path)) artifacts.push({ ...each });
    }
  }
  return artifacts;
}

function filesOf({ evidence }: JoinedRun, { config }: BesideRun): RunRecord['files'] {
  const files = ranked(evidence, 'file')
    .filter(({ joinsOnly }) => joinsOnly !== true)
    .map(({ source, file }) => ({ kind: source, path: file }));
  return config === undefined ? files : [...files, { kind: 'config', path: config.path }];
}
