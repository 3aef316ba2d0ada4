import type { ActionRecord } from '../../formats/actions/action.ts';
import { alertType } from '../../formats/actions/alert-type.ts';
import type { BookConfig } from '../../formats/config/config.ts';
import type { SnapshotRecord } from '../../formats/snapshots/periodic.ts';
import type { RunRecord } from '../../runs/record.ts';
import { resolveDetails } from '../../store/blobs.ts';
import { periodicIds, readPeriodic } from '../../store/periodic-store.ts';
import { readRuns } from '../../store/runs/read-runs.ts';
import { matchingActions } from '../actions/matching.ts';
import { ActionTimes, type RecordingHealth, recordingHealth } from '../health/recording.ts';
import type { AlertFacts } from './evaluate.ts';
import type { AlertRecord } from './memory.ts';

const dayUs = 86_400e6;
/** How far back actions are looked at: for what followed one that failed, and for those that could not be told. */
const lookedBackUs = 8 * dayUs;
const mostActions = 50_000;
const mostAlerts = 5000;

/** The facts of a book, each read once and only when a rule asks. */
export function bookFacts(
  root: string,
  config: Pick<BookConfig, 'schedule' | 'runs'>,
  { nowUs, sinceUs, build }: { nowUs: number; sinceUs: number; build: string | undefined },
): AlertFacts {
  const fromUs = Math.min(sinceUs, nowUs - lookedBackUs);
  const actions = once(() => matchingActions(root, { limit: mostActions, sinceUs: fromUs }, { build }));
  const runs = once<Promise<RunRecord[]>>(() => readRuns(root, { ...config.runs, build }, () => undefined));
  return {
    nowUs,
    actions,
    runs,
    newest: once(() => newestSnapshot(root)),
    recording: once(() => recordingOf(root, config, nowUs, { actions, runs, build })),
  };
}

/** What is recorded of earlier alerts. */
export async function readAlerts(root: string, build: string | undefined): Promise<AlertRecord[]> {
  const choice = { limit: mostAlerts, types: [alertType], lines: true };
  const records = await matchingActions(root, choice, { build });
  // A record of a line reads its parts when they are asked for: a copy of it would have none.
  return records.map(({ atUs, status, details }) => ({
    atUs,
    status,
    details: resolveDetails(root, details).details,
  }));
}

function newestSnapshot(root: string): SnapshotRecord | undefined {
  for (const id of periodicIds(root).reverse()) {
    const { record } = readPeriodic(root, id);
    if (record !== undefined) return record;
  }
  return undefined;
}

/** How recording stands; runs and the whole log are asked only where there are no snapshots to go by. */
async function recordingOf(
  root: string,
  config: Pick<BookConfig, 'schedule' | 'runs'>,
  nowUs: number,
  read: {
    actions(): Promise<readonly ActionRecord[]>;
    runs(): Promise<RunRecord[]>;
    build: string | undefined;
  },
): Promise<RecordingHealth> {
  const times = new ActionTimes();
  for (const { type, atUs } of await read.actions()) if (type !== alertType) times.add(atUs);
  const health = await recordingHealth(root, config, times, nowUs);
  if (health.recorder.newestUs !== undefined) return health;
  if (times.lastUs === undefined) {
    const older = await matchingActions(root, { limit: 1000 }, { build: read.build });
    for (const { type, atUs } of older) if (type !== alertType) times.add(atUs);
  }
  const endsUs = (await read.runs()).flatMap(({ endedAtUs, atUs }) => endedAtUs ?? atUs ?? []);
  return recordingHealth(root, config, times, nowUs, endsUs.length === 0 ? undefined : Math.max(...endsUs));
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
