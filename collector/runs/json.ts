import type { JsonObject, JsonValue } from '../base/json/json.ts';
import { isoMicros } from '../base/time.ts';
import { type RunField, wholeValue } from './field.ts';
import { jsonKeyOf, runFields } from './fields.ts';
import type { RunArtifact, RunRecord } from './record.ts';

/**
 * A run as --json lists it: every field under its key, and what is more than a field; times as ISO texts, NaN and
 * infinities as texts, without the whole documents.
 */
export function runSummaryJson(run: RunRecord): JsonObject {
  return {
    key: run.key,
    name: run.name,
    slug: run.slug,
    place: run.place,
    ...Object.fromEntries(runFields.map((field) => [jsonKeyOf(field), fieldJson(field, run)])),
    status_word: run.statusWord,
    status_from: run.statusFrom,
    at: timeOf(run.atUs),
    zoneless: run.zoneless,
    params: numbersAsJson(run.params),
    param_hash: run.paramHash ?? null,
    metrics: numbersAsJson(run.metrics),
    series: run.series.map(({ name, count, last, resumed }) => ({
      name,
      count,
      last: jsonNumber(last),
      ...(resumed === undefined ? {} : { resumed: { ...resumed } }),
    })),
    artifacts: run.artifacts.map(artifactJson),
    stale: run.stale === undefined ? null : { since: isoMicros(run.stale.sinceUs), why: run.stale.why },
    origin:
      run.origin === undefined
        ? null
        : { commit: run.origin.commit ?? null, facts: Object.fromEntries(run.origin.facts) },
    parents: run.parents.map(({ key, name, kind, path }) => ({
      key: key ?? null,
      name,
      kind,
      path: path ?? null,
    })),
    reruns: (run.reruns ?? []).map(({ key, verdict }) => ({ key, verdict: verdict ?? null })),
    history: run.history.map(({ atUs, word, status }) => ({ at: isoMicros(atUs), word, status })),
    files: run.files.map(({ kind, path }) => ({ kind, path })),
  };
}

/** A run whole: with the receipt, the experiment file and the ledger's record as they stand. */
export function runJson(run: RunRecord): JsonObject {
  return {
    ...runSummaryJson(run),
    receipt: run.receipt?.raw ?? null,
    experiment: run.experiment ?? null,
    ledger: run.ledger === undefined ? null : { ...run.ledger },
  };
}

function fieldJson(field: RunField, run: RunRecord): JsonValue {
  const value = wholeValue(field, run) ?? null;
  if (typeof value !== 'number') return value;
  return field.type === 'time' ? isoMicros(value) : jsonNumber(value);
}

function artifactJson(artifact: RunArtifact): JsonObject {
  const { id, type, path, file, description, tags, bytes, digest, addedAtUs } = artifact;
  return {
    id,
    type,
    path: path ?? null,
    file: file ?? null,
    description: description ?? null,
    tags,
    bytes: bytes ?? null,
    digest: digest ?? null,
    added_at: timeOf(addedAtUs),
  };
}

/** JSON has no NaN and no infinities: they become texts. */
export function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function numbersAsJson(values: Readonly<Record<string, JsonValue>>): JsonObject {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' ? jsonNumber(value) : value,
    ]),
  );
}

function timeOf(us: number | undefined): string | null {
  return us === undefined ? null : isoMicros(us);
}
