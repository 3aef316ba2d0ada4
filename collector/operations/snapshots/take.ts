import { type Clock, systemClock } from '../../base/clock.ts';
import { isObject, type JsonObject } from '../../base/json/json.ts';
import { isoMicros } from '../../base/time.ts';
import { daybookVersion } from '../../base/version.ts';
import type { ActionRecord } from '../../formats/actions/action.ts';
import type { BookConfig } from '../../formats/config/config.ts';
import { coverage } from '../../formats/schedule/coverage.ts';
import { intervalWord } from '../../formats/schedule/schedule.ts';
import type { PeriodicSnapshot } from '../../formats/snapshots/periodic.ts';
import { type ProbeContext, type ProbeReport, runProbes } from '../../probes/index.ts';
import { maskingFor } from '../../store/book-masking.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { newestActions } from '../../store/newest-actions.ts';
import { listPeriodic, readPeriodic } from '../../store/periodic-store.ts';
import { recordPeriodic } from '../../store/spool/record-periodic.ts';
import { deriveHealth } from '../health/derive.ts';

/** What taking a snapshot needs from the world; each part can be replaced. */
export interface TakePeriodicEffects {
  clock: Clock;
  readConfig(root: string): Promise<BookConfig>;
  newestActions(root: string, count: number): Promise<ActionRecord[]>;
  /** Time of the newest snapshot there is, or undefined. */
  previousUs(root: string): number | undefined;
  probe(context: ProbeContext): Promise<ProbeReport>;
  /** The section "runs". */
  runs(root: string, config: BookConfig): Promise<JsonObject>;
  write: typeof recordPeriodic;
}

/** The snapshot that was taken and where it stands. */
export interface TakenSnapshot {
  id: string;
  file: string;
  snapshot: PeriodicSnapshot;
}

/**
 * Takes a periodic snapshot with all probes, derives the health from it and writes it. A probe that fails leaves an
 * error in its section; the snapshot is taken all the same.
 * @throws DaybookError where it cannot be written; it says where the snapshot waits instead.
 */
export async function takePeriodic(
  options: { root: string },
  effects: Partial<TakePeriodicEffects> = {},
): Promise<TakenSnapshot> {
  const { root } = options;
  const world = { ...realEffects, ...effects };
  const nowUs = world.clock.nowUs();
  const config = await world.readConfig(root);
  const actions = onceEach((count) => world.newestActions(root, count));
  const report = await world.probe({ root, config, nowUs, newestActions: actions });
  // Not among the probes: counting takes this thread's time, which would make others look late.
  const runs = await world.runs(root, config);
  const previousUs = world.previousUs(root);
  const { health, reasons } = deriveHealth({
    actions: await actions(50).catch(() => []),
    runs,
    failures: report.failures,
    missedSlots: missedSince(config, previousUs, nowUs),
    previousUs,
  });
  const { system_state: measured, ...sections } = report.sections;
  const state: JsonObject = isObject(measured) ? measured : {};
  return world.write(
    root,
    // What commands, files and failing probes say goes into the repository: the same rules as for actions.
    maskingFor(config.redaction).values({
      snapshot_type: 'periodic',
      timestamp: isoMicros(nowUs),
      interval: config.schedule === undefined ? '30_minutes' : intervalWord(config.schedule),
      system_state: { timestamp: isoMicros(nowUs), ...state, health, health_reasons: reasons },
      ...sections,
      runs,
      metadata: { generated_by: 'daybook', version: daybookVersion },
    }),
    nowUs,
  );
}

const realEffects: TakePeriodicEffects = {
  clock: systemClock,
  readConfig: async (root) => (await readConfigFile(root)).config,
  newestActions: async (root, count) => (await newestActions(root, count)).records,
  previousUs: (root) => {
    const newest = listPeriodic(root).at(-1);
    const atUs = newest === undefined ? undefined : readPeriodic(root, newest.id).record?.atUs;
    return Number.isFinite(atUs) ? atUs : undefined;
  },
  probe: (context) => runProbes(context),
  runs: async (root, config) => (await import('../runs/section.ts')).runsSection(root, config.runs),
  write: recordPeriodic,
};

/** The log is read once per number of lines asked for. */
function onceEach(
  read: (count: number) => Promise<ActionRecord[]>,
): (count: number) => Promise<ActionRecord[]> {
  const asked = new Map<number, Promise<ActionRecord[]>>();
  return (count) => {
    const known = asked.get(count) ?? read(count);
    asked.set(count, known);
    return known;
  };
}

/** Slots that are over and have no snapshot, between the snapshot before and this one. */
function missedSince(config: BookConfig, previousUs: number | undefined, nowUs: number): number {
  if (config.schedule === undefined || previousUs === undefined) return 0;
  const both = [previousUs, nowUs].map((atUs, index) => ({ id: String(index), atUs }));
  return coverage(config.schedule, both, nowUs).gaps.reduce((sum, gap) => sum + gap.missed, 0);
}
