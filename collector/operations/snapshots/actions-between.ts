import type { ActionRecord } from '../../formats/actions/action.ts';
import { blockRecords } from '../../store/log-index/columns.ts';
import type { LogIndex } from '../../store/log-index/log-index.ts';
import { type IndexOptions, isLargeLog, withLogIndex } from '../../store/log-index/open.ts';
import { readActions } from '../../store/log-reader.ts';
import type { FieldPeriod } from './field-periods.ts';

/** An action as a history names it. */
export type PassingAction = Pick<ActionRecord, 'key' | 'actionId' | 'type' | 'status' | 'atUs'>;

/** A value with the actions recorded between the last snapshot without it and the first with it. */
export interface RecordedPeriod extends FieldPeriod {
  between: { count: number; newest: PassingAction[] };
}

const maxActions = 3;

/** Looks up the actions in between: every action falls into at most one of the spans in which the value became another. */
export async function addActions(root: string, values: RecordedPeriod[], build?: string): Promise<void> {
  const periods = values.filter((period) => period.beforeUs !== undefined).reverse();
  if (periods.length === 0) return;
  if (build !== undefined && isLargeLog(root)) await addIndexed(root, periods, { build });
  else await addRead(root, periods);
}

/** One pass over the log. */
async function addRead(root: string, periods: RecordedPeriod[]): Promise<void> {
  const spans = periods.map((period) => ({ period, seen: new Set<string>() }));
  await readActions(
    root,
    (record) => {
      const span = spanAt(spans, record.atUs);
      if (span === undefined) return;
      const { between } = span.period;
      const { key, actionId, type, status, atUs } = record;
      if (actionId === undefined || !span.seen.has(actionId)) between.count += 1;
      if (actionId !== undefined) span.seen.add(actionId);
      keepNewest(between.newest, { key, actionId, type, status, atUs });
    },
    () => undefined,
  );
}

/** The same from the index of the log: only the actions that are named are read. */
export async function addIndexed(
  root: string,
  periods: RecordedPeriod[],
  options: IndexOptions,
): Promise<void> {
  const spans = periods.map((period) => ({
    period,
    seen: new Set<number>(),
    newest: [] as { atUs: number; actionId: number | undefined; place: number }[],
  }));
  await withLogIndex(root, options, async (index) => {
    for (const block of index.blocks.keys()) {
      if (!spans.some((span) => mayTouch(index, block, span.period))) continue;
      const [at, action] = [index.column(block, 'at'), index.column(block, 'action')];
      for (let row = 0; row < at.length; row++) {
        const span = spanAt(spans, at[row]!);
        if (span === undefined) continue;
        const actionId = action[row] === 0 ? undefined : action[row]!;
        if (actionId === undefined || !span.seen.has(actionId)) span.period.between.count += 1;
        if (actionId !== undefined) span.seen.add(actionId);
        keepNewest(span.newest, { atUs: at[row]!, actionId, place: block * blockRecords + row });
      }
    }
    const records = await index.read(spans.flatMap(({ newest }) => newest.map(({ place }) => place)));
    for (const { period, newest } of spans) {
      period.between.newest = records
        .splice(0, newest.length)
        .map(({ key, actionId, type, status, atUs }) => ({ key, actionId, type, status, atUs }));
    }
  });
}

function mayTouch({ blocks }: LogIndex, block: number, { beforeUs, fromUs }: FieldPeriod): boolean {
  const { leastUs, mostUs } = blocks[block]!;
  return mostUs > beforeUs! && leastUs <= fromUs;
}

/** The span that a time falls into: after the last snapshot with the old value, up to the first with the new one. */
function spanAt<Span extends { period: FieldPeriod }>(spans: Span[], atUs: number): Span | undefined {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.period.fromUs < atUs) low = middle + 1;
    else high = middle;
  }
  const span = spans[low];
  return span !== undefined && atUs > span.period.beforeUs! ? span : undefined;
}

/** Of lines that share an action id the newest stands for the action. */
function keepNewest<Each extends { atUs: number; actionId: unknown }>(newest: Each[], record: Each): void {
  const same = newest.findIndex((one) => one.actionId !== undefined && one.actionId === record.actionId);
  if (same !== -1) {
    if (record.atUs < newest[same]!.atUs) return;
    newest.splice(same, 1);
  }
  const at = newest.findIndex((one) => one.atUs <= record.atUs);
  if (at === -1) newest.push(record);
  else newest.splice(at, 0, record);
  if (newest.length > maxActions) newest.length = maxActions;
}
