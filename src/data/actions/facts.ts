import type { Counted, StatusCounts } from '../book/counts.ts';
import type { ActionSource } from '../browser.ts';
import { displayStatuses, type JsonValue, parseJson } from '../browser.ts';
import type { LoggedActions } from './logged.ts';
import type { ActionRow } from './row.ts';
import type { ActionsSummary, ActionView, DayCounts, LastOfType } from './types.ts';

/** What the lines of the log came to before they were joined. */
export interface LineCounts {
  lines: number;
  repeated: number;
  broken: number;
}

const maxNames = 1000;
const most = { newest: 200, attention: 20, running: 20, failures: 50, deployments: 50, types: 200 };

/** Everything the pages say about the actions, counted over all of them. */
export function actionFacts(actions: LoggedActions, counts: LineCounts): ActionsSummary {
  const { table, order } = actions;
  const { rows } = order;
  if (rows.length === 0) return noFacts(counts);
  const { byStatus, types, runs, writers, endless, days, lastOf } = countsOf(actions);
  const view = (found: readonly number[]) => found.map((row) => actionView(actions.row(order.linesOf(row))));
  const { attention, running } = newestThat(actions);
  return {
    total: rows.length,
    ...counts,
    joined: order.joined,
    firstUs: table.at(rows[0]!),
    lastUs: table.at(rows[rows.length - 1]!),
    byStatus,
    types,
    runs,
    writers,
    days,
    newest: view([...rows.subarray(Math.max(0, rows.length - most.newest))].reverse()),
    attention: view(attention),
    running: view(running),
    failures: view(newestWhere(actions, most.failures, ({ status }) => isFailure(status))),
    deployments: view(newestWhere(actions, most.deployments, ({ type }) => isDeployment(type))),
    lastOfTypes: types.slice(0, most.types).map(({ value }) => lastOf.get(value)!),
    endless,
  };
}

const dayUs = 86_400e6;

/** Whether actions of this type are deployments: the word stands in it by itself ("deploy", "web-deployment", "deploy_api"). */
export function isDeployment(type: string): boolean {
  return /(?:^|[^a-z])deploy(?:ment|ments|ed|s)?(?:$|[^a-z])/i.test(type.replace(/([a-z])([A-Z])/g, '$1 $2'));
}

function isFailure(status: string): boolean {
  return status === 'failed' || status === 'aborted';
}

type Counts = Pick<ActionsSummary, 'byStatus' | 'types' | 'runs' | 'writers' | 'endless' | 'days'> & {
  /** By type. */
  lastOf: Map<string, LastOfType>;
};

/** How many actions say what. Most say what another one says as well: what each has a number for is counted by that. */
function countsOf({ table, order }: LoggedActions): Counts {
  const { rows } = order;
  const statusOf = Uint8Array.from(table.stamps, ({ status }) => displayStatuses.indexOf(status));
  const ofStamp = new Uint32Array(table.stamps.length);
  const ofRun = new Uint32Array(table.runs.length + 1);
  const lastOfStamp = new Float64Array(table.stamps.length);
  const days: DayCounts[] = [];
  let ofDay = new Uint32Array(displayStatuses.length);
  let dayEnds = Number.NEGATIVE_INFINITY;
  const endDay = () => {
    if (days.length > 0) days.at(-1)!.counts = statusCounts(ofDay);
    ofDay = new Uint32Array(displayStatuses.length);
  };
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const stamp = order.stampOf(row);
    ofStamp[stamp]! += 1;
    ofRun[order.runOf(row)]! += 1;
    const atUs = table.at(row);
    lastOfStamp[stamp] = at;
    if (atUs >= dayEnds) {
      endDay();
      const day = Math.floor(atUs / dayUs);
      dayEnds = (day + 1) * dayUs;
      days.push({ day: dayName(day), counts: noStatusCounts() });
    }
    ofDay[statusOf[stamp]!]! += 1;
  }
  endDay();
  const byStatus = noStatusCounts();
  const [types, writers, endless] = [counter(), counter(), counter()];
  const newestOf = new Map<string, number>();
  const lastOf = new Map<string, LastOfType>();
  for (const [code, { type, status, word, writer, endable }] of table.stamps.entries()) {
    const count = ofStamp[code]!;
    byStatus[status] += count;
    types.count(type, count);
    const last = lastOfStamp[code]!;
    if (count > 0 && last >= (newestOf.get(type) ?? 0)) {
      newestOf.set(type, last);
      lastOf.set(type, { type, status, atUs: table.at(rows[last]!) });
    }
    if (writer !== null) writers.count(writer, count);
    if (status === 'running' && !endable) endless.count(word, count);
  }
  const runs = counter();
  for (const [number, run] of table.runs.entries()) runs.count(run, ofRun[number + 1]!);
  return {
    byStatus,
    types: types.counted(),
    runs: runs.counted(),
    writers: writers.counted(),
    endless: endless.counted(),
    days,
    lastOf,
  };
}

/** The newest actions of some kind: what tells it is the same for all that have one stamp, so rows are only counted off. */
function newestWhere(
  { table, order }: LoggedActions,
  limit: number,
  isWanted: (stamp: LoggedActions['table']['stamps'][number]) => boolean,
): number[] {
  const wanted = Uint8Array.from(table.stamps, (stamp) => (isWanted(stamp) ? 1 : 0));
  const found: number[] = [];
  if (!wanted.includes(1)) return found;
  for (let at = order.rows.length - 1; at >= 0 && found.length < limit; at--) {
    const row = order.rows[at]!;
    if (wanted[order.stampOf(row)] === 1) found.push(row);
  }
  return found;
}

function statusCounts(counts: Uint32Array): StatusCounts {
  return Object.fromEntries(displayStatuses.map((status, at) => [status, counts[at]!])) as StatusCounts;
}

/** From the newest: what failed with no success of its type and run behind it, and what has not ended and can. */
function newestThat({ table, order }: LoggedActions): { attention: number[]; running: number[] } {
  const { rows } = order;
  const types = new Map<string, number>();
  const typeOf = Uint32Array.from(table.stamps, ({ type }) => {
    types.set(type, types.get(type) ?? types.size);
    return types.get(type)!;
  });
  const succeeded = new Set<number>();
  const [attention, running]: number[][] = [[], []];
  for (let at = rows.length - 1; at >= 0; at--) {
    const row = rows[at]!;
    const code = order.stampOf(row);
    const { status, endable } = table.stamps[code]!;
    if (status === 'running' && endable && running!.length < most.running) running!.push(row);
    const isOver = attention!.length === most.attention;
    if (isOver && running!.length === most.running) break;
    if (isOver || (status !== 'completed' && status !== 'failed' && status !== 'aborted')) continue;
    const kind = order.runOf(row) * types.size + typeOf[code]!;
    if (status === 'completed') succeeded.add(kind);
    else if (!succeeded.has(kind)) attention!.push(row);
  }
  return { attention: attention!, running: running! };
}

interface Counter {
  count(value: string, times: number): void;
  counted(): Counted[];
}

/** What was never counted is not among the counted. */
function counter(): Counter {
  const counts = new Map<string, number>();
  return {
    count: (value, times) => {
      if (times > 0) counts.set(value, (counts.get(value) ?? 0) + times);
    },
    counted: () =>
      [...counts]
        .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
        .slice(0, maxNames)
        .map(([value, count]) => ({ value, count })),
  };
}

/** Facts of a book without any action. */
export function noFacts(counts: LineCounts): ActionsSummary {
  return {
    total: 0,
    ...counts,
    joined: 0,
    firstUs: undefined,
    lastUs: undefined,
    byStatus: noStatusCounts(),
    types: [],
    runs: [],
    writers: [],
    days: [],
    newest: [],
    attention: [],
    running: [],
    failures: [],
    deployments: [],
    lastOfTypes: [],
    endless: [],
  };
}

/** A count of nothing, by status. */
export function noStatusCounts(): StatusCounts {
  return Object.fromEntries(displayStatuses.map((status) => [status, 0])) as StatusCounts;
}

/** "2026-11-20" for a number of days since 1970. */
export function dayName(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** Details longer than this stay in the data files; pages show their beginning. */
const maxDetails = 20_000;

function actionView(row: ActionRow): ActionView {
  return {
    key: row.key,
    atUs: row.atUs,
    type: row.type,
    status: row.status,
    statusWord: row.word,
    statusFrom: row.wordFrom,
    summary: row.summary,
    durationMs: row.took ?? undefined,
    error: row.error ?? undefined,
    run: row.run ?? undefined,
    writer: row.writer ?? undefined,
    source: row.source === null ? undefined : (parseJson(row.source) as ActionSource),
    details: shownDetails(row.details),
    file: row.file,
    line: row.line,
    zoneless: row.zoneless,
  };
}

function shownDetails(text: string): JsonValue {
  return text.length <= maxDetails
    ? (parseJson(text) as JsonValue)
    : `${text.slice(0, maxDetails).toWellFormed()}…`;
}
