import type { Clock } from '../base/clock.ts';
import type { ActionRecord } from '../formats/actions/action.ts';
import { type DisplayStatus, displayStatuses } from '../formats/actions/status.ts';
import type { Finding, Severity } from '../formats/findings/finding.ts';
import { type IndexOptions, isLargeLog, withLogIndex } from '../store/log-index/open.ts';
import { logFacts, recallLog, rememberLog } from '../store/log-memory.ts';
import { type LogTotals, readActions } from '../store/log-reader.ts';
import { ActionTimes } from './health/recording.ts';

/** What the log of a book came to. Actions are counted by their newest lines. */
export interface LogCounts {
  totals: LogTotals;
  findings: Record<Severity, number>;
  times: Pick<ActionTimes, 'firstUs' | 'lastUs' | 'days'>;
  actions: number;
  byStatus: Record<DisplayStatus, number>;
  /** The ten most frequent types. */
  byType: { type: string; count: number }[];
  /** Digests of details that lie outside of the log, one for each line that names one. */
  blobs: string[];
}

/** Smaller logs are read sooner than anything is remembered of them. */
const leastRemembered = 200;

/**
 * Counts what the log holds. With the name of this build as `memory`, a log that is as it was when it was last counted
 * is not read again, and of a large one only what was appended since.
 */
export async function countLog(root: string, clock: Clock, memory?: string): Promise<LogCounts> {
  if (memory !== undefined && isLargeLog(root)) return indexedCounts(root, { build: memory });
  const startedMs = clock.nowUs() / 1000;
  const facts = memory === undefined ? undefined : logFacts(root);
  if (memory === undefined || facts === undefined) return readCounts(root);
  const known = recallLog(root, memory, facts);
  if (known !== undefined) return known as unknown as LogCounts;
  const counts = await readCounts(root);
  if (counts.totals.lines >= leastRemembered) rememberLog(root, memory, facts, startedMs, counts);
  return counts;
}

/** The same counts from the index of a log. */
export function indexedCounts(root: string, options: IndexOptions): Promise<LogCounts> {
  return withLogIndex(root, options, ({ state }) => {
    const { totals, severities, firstUs, lastUs, days, actions, byStatus, types, blobs } = state;
    const byType = mostFrequent(new Map(types));
    return {
      totals,
      findings: severities,
      times: { firstUs, lastUs, days },
      actions,
      byStatus,
      byType,
      blobs,
    };
  });
}

/** How many findings there are of each severity. */
export function countFindings(findings: readonly Finding[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, note: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

async function readCounts(root: string): Promise<LogCounts> {
  const counter = createCounter();
  const findings = { error: 0, warning: 0, note: 0 };
  const blobs: string[] = [];
  const totals = await readActions(
    root,
    (record) => {
      counter.visit(record);
      if (record.blob !== undefined) blobs.push(record.blob.$blob);
    },
    ({ severity }) => {
      findings[severity] += 1;
    },
  );
  const { times, ...counts } = counter.result();
  const { firstUs, lastUs, days } = times;
  return { totals, findings, times: { firstUs, lastUs, days }, ...counts, blobs };
}

/** What is counted of one action: that of its newest line. */
type Counted = Pick<ActionRecord, 'status' | 'type' | 'atUs'>;

/** Counts actions as they are visited; of several lines of one action the newest gives type and status. */
function createCounter() {
  const statuses = Object.fromEntries(displayStatuses.map((status) => [status, 0])) as Record<
    DisplayStatus,
    number
  >;
  const types = new Map<string, number>();
  const byId = new Map<string, Counted>();
  const times = new ActionTimes();
  const count = ({ status, type }: Counted, by: 1 | -1) => {
    statuses[status] += by;
    types.set(type, (types.get(type) ?? 0) + by);
  };
  const total = () => Object.values(statuses).reduce((sum, each) => sum + each, 0);
  return {
    visit({ actionId, status, type, atUs }: ActionRecord): void {
      times.add(atUs);
      const known = actionId === undefined ? undefined : byId.get(actionId);
      if (known !== undefined && known.atUs > atUs) return;
      if (known !== undefined) count(known, -1);
      count({ status, type, atUs }, 1);
      if (actionId !== undefined) byId.set(actionId, { status, type, atUs });
    },
    result: () => ({ times, actions: total(), byStatus: statuses, byType: mostFrequent(types) }),
  };
}

function mostFrequent(types: Map<string, number>): { type: string; count: number }[] {
  return [...types]
    .filter(([, count]) => count > 0)
    .map(([type, count]) => ({ type, count }))
    .sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1))
    .slice(0, 10);
}
