import type { JsonObject, JsonValue } from '../../browser.ts';
import { fieldValue, isoMicros, jsonKeyOf, type RunField, runFields } from '../../browser.ts';
import type { RunsSummary, RunView } from '../../runs/types.ts';

const listedRuns = 200;

/** api/runs.json: the newest runs under the keys of `daybook runs --json`, and what is known of all. */
export function runsJson(runs: RunsSummary): object {
  const newest = runs.views.slice(0, listedRuns);
  return {
    total: runs.total,
    by_status: runs.byStatus,
    stale: runs.staleTotal,
    receipts: runs.verdicts,
    columns: runs.columns,
    listed: newest.length,
    newest: newest.map(runRowJson),
    running: runs.running.map(runRowJson),
    failed: runs.failed.map(runRowJson),
    stale_runs: runs.stale.map(runRowJson),
  };
}

/** A run of a list: the fields that lists know have the keys and the values that they have in --json. */
export function runRowJson(view: RunView): JsonObject {
  return {
    key: view.key,
    name: view.name,
    slug: view.slug,
    place: view.place,
    ...Object.fromEntries(runFields.map((field) => [jsonKeyOf(field), rowValue(field, view)])),
    status_word: view.statusWord,
    at: timeOf(view.atUs),
    zoneless: view.zoneless,
    params: view.params,
    metrics: view.metrics,
    stale: view.stale === undefined ? null : { since: timeOf(view.stale.sinceUs), why: view.stale.why },
  };
}

function rowValue(field: RunField, view: RunView): JsonValue {
  const whole = field.of === undefined ? undefined : field.whole;
  const value = (whole === undefined ? fieldValue(field, view) : whole(view)) ?? null;
  return field.type === 'time' && typeof value === 'number' ? isoMicros(value) : value;
}

function timeOf(us: number | undefined): string | null {
  return us === undefined || !Number.isFinite(us) ? null : isoMicros(us);
}
