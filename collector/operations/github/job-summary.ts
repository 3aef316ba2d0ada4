import { differences } from '../../base/difference/difference.ts';
import { formatDuration } from '../../base/format/duration.ts';
import { plural } from '../../base/format/words.ts';
import { isObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import type { ActionRecord } from '../../formats/actions/action.ts';
import type { SnapshotRecord } from '../../formats/snapshots/periodic.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { newestActions } from '../../store/newest-actions.ts';
import { periodicIds, readPeriodic } from '../../store/periodic-store.ts';
import type { RecordEffects } from '../actions/record.ts';
import { actionSource } from '../actions/source.ts';
import { recordingWordsOfEnd } from '../recording-end.ts';
import { markdownTable, recordedText } from './markdown.ts';

/** What a job recorded and what changed by then, as Markdown and in numbers. */
export interface JobSummary {
  markdown: string;
  /** Actions that this run recorded. */
  actions: number;
  /** Those that failed, and whose last one of the same type before had not. */
  regressions: number;
  /** Values that differ between the two newest snapshots; 0 where there is one. */
  changes: number;
}

/** How many lines are looked through for those of this run, and for what came before. */
const lookedThrough = 4000;
/** GitHub drops a summary above 1 MiB as a whole. */
const mostRows = 50;

/** Sums up what the run of this job recorded. Everything recorded stands in it as plain text, whatever it looks like. */
export async function jobSummary(root: string, { clock, env }: RecordEffects): Promise<JobSummary> {
  const { url } = actionSource(root, env);
  const { records } = await newestActions(root, lookedThrough);
  const standing = newestOfEach(records);
  const own = url === undefined ? [] : standing.filter(({ source }) => source?.url === url);
  const regressed = own.filter((record) => isRegression(record, standing));
  const [newest, before] = newestSnapshots(root);
  const changed = newest === undefined || before === undefined ? [] : changesBetween(before, newest);
  const { config } = await readConfigFile(root);
  const recording = await recordingWordsOfEnd(root, config, clock.nowUs());
  const parts = [
    `### Daybook: ${headline(own.length, regressed.length, newest, changed.length)}`,
    ...recording.map((words) => `> ${words}`),
    regressed.length > 0 && `**Failed now, and not the time before:**\n\n${actionTable(regressed)}`,
    own.length > 0 && `**Recorded by this run**\n\n${actionTable(own)}`,
    changed.length > 0 && `**Changed since the snapshot before**\n\n${changeTable(changed)}`,
  ];
  return {
    markdown: `${parts.filter((part) => typeof part === 'string').join('\n\n')}\n`,
    actions: own.length,
    regressions: regressed.length,
    changes: changed.length,
  };
}

function headline(
  actions: number,
  regressions: number,
  snapshot: SnapshotRecord | undefined,
  changes: number,
): string {
  return [
    regressions > 0 && `${plural(regressions, 'action')} failed that had not before`,
    `${plural(actions, 'action')} recorded`,
    snapshot !== undefined &&
      `the system is ${snapshot.health === 'unknown' ? 'of unknown health' : snapshot.health}`,
    changes > 0 && `${plural(changes, 'value')} changed`,
  ]
    .filter((part) => typeof part === 'string')
    .join(', ');
}

/** One record for each action, its newest line; newest first. */
function newestOfEach(newestFirst: readonly ActionRecord[]): ActionRecord[] {
  const seen = new Set<string>();
  return newestFirst.filter(({ actionId }) => {
    if (actionId === undefined) return true;
    if (seen.has(actionId)) return false;
    seen.add(actionId);
    return true;
  });
}

/** Whether an action failed while the one before it of the same kind, by another run, had gone well. */
function isRegression(record: ActionRecord, newestFirst: readonly ActionRecord[]): boolean {
  if (record.status !== 'failed') return false;
  const kind = kindOf(record);
  const earlier = newestFirst
    .slice(newestFirst.indexOf(record) + 1)
    .find(
      (other) => isOver(other.status) && other.source?.url !== record.source?.url && kindOf(other) === kind,
    );
  return earlier?.status === 'completed';
}

/** Two jobs, workflows or deployments are of one kind where they also have one name. */
function kindOf({ type, details }: ActionRecord): string {
  const names = isObject(details) ? ['workflow', 'job', 'environment'].map((key) => details[key]) : [];
  return jsonText([type, ...names.map((name) => (typeof name === 'string' ? name : ''))]);
}

function isOver(status: string): boolean {
  return status === 'completed' || status === 'failed';
}

function newestSnapshots(root: string): SnapshotRecord[] {
  const found: SnapshotRecord[] = [];
  for (const id of periodicIds(root).reverse()) {
    const { record } = readPeriodic(root, id);
    if (record !== undefined) found.push(record);
    if (found.length === 2) break;
  }
  return found;
}

/** What differs between any two moments of a machine says nothing about the repository. */
const passing =
  /^(?:snapshot_id|timestamp|active_processes\b.*|system_state\.(?:timestamp|uptime|load\b.*|memory\b.*|disk\b.*))$/;

function changesBetween(before: SnapshotRecord, after: SnapshotRecord): ReturnType<typeof differences> {
  return differences(before.content, after.content).filter(({ path }) => !passing.test(path));
}

function actionTable(records: readonly ActionRecord[]): string {
  const rows = records
    .slice(0, mostRows)
    .map((record) => [
      recordedText(record.type, 60),
      recordedText(record.statusWord, 20),
      formatDuration(record.durationMs),
      recordedText(record.blob?.preview ?? jsonText(record.details), 160),
    ]);
  return withRest(markdownTable(['action', 'status', 'took', 'details'], rows), records.length);
}

function changeTable(changes: ReturnType<typeof differences>): string {
  const shown = (value: JsonValue | undefined) =>
    value === undefined ? '' : recordedText(typeof value === 'string' ? value : jsonText(value), 80);
  const rows = changes
    .slice(0, mostRows)
    .map(({ path, before, after }) => [recordedText(path, 100), shown(before), shown(after)]);
  return withRest(markdownTable(['value', 'before', 'now'], rows), changes.length);
}

function withRest(table: string, total: number): string {
  return total > mostRows ? `${table}\n\nand ${total - mostRows} more` : table;
}
