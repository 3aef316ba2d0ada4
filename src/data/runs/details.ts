import type { JsonObject } from '../../../collector/base/json/json.ts';
import type { RunRecord } from '../../../collector/runs/record.ts';
import { isObject, moreOf } from '../browser.ts';
import type { Lineage } from '../lineage/graph.ts';
import type { RunDetails, RunReceipt } from './types.ts';

const maxReceiptChars = 512 * 1024;
const maxDocumentChars = 512 * 1024;
const maxEntries = 2000;

/** Everything about one run as its page gets it; what is too large for a page is left to its file and says so. */
export function runDetails(run: RunRecord, lineage: Lineage): RunDetails {
  const { receipt, experiment, ledger, ...rest } = run;
  return {
    ...rest,
    params: firstEntries(rest.params, maxEntries),
    metrics: firstEntries(rest.metrics, maxEntries),
    artifacts: rest.artifacts.slice(0, maxEntries),
    more: moreOf(run, true),
    receipt: receipt === undefined ? undefined : shownReceipt(receipt),
    experiment: experiment !== undefined && isTooLarge(experiment, maxDocumentChars) ? undefined : experiment,
    ledger,
    children: lineage.childrenOf(run.key),
    parentSlugs: run.parents.map(({ key }) => lineage.slugOf(key) ?? null),
  };
}

function shownReceipt(receipt: NonNullable<RunRecord['receipt']>): RunReceipt {
  const { raw: _raw, ...rest } = receipt;
  const repos = Object.entries(rest.repos).map(([name, { raw, ...repository }]) => [
    name,
    { ...repository, raw: withoutPatches(raw) },
  ]);
  const shown = { ...rest, repos: Object.fromEntries(repos) as typeof rest.repos };
  if (!isTooLarge(shown, maxReceiptChars)) return { ...shown, shortened: false };
  return {
    ...shown,
    config: firstEntries(shown.config, 200),
    data: firstEntries(shown.data, 200),
    inputs: Object.fromEntries(
      Object.entries(firstEntries(shown.inputs, 200)).map(([name, input]) => [
        name,
        { ...input, manifest: undefined },
      ]),
    ),
    // Of the stages their names are enough: each has a receipt of its own.
    previous: shown.previous.slice(0, 200).map((stage) => ({
      ...stage,
      content: { ...stage.content, config: {}, data: {}, inputs: {}, repos: {}, previous: [] },
    })),
    environment: undefined,
    caller: undefined,
    shortened: true,
  };
}

/** A patch is code, which pages do not show; daybook restore has it from the receipt. */
function withoutPatches({
  patch: _patch,
  patch_base64: _encoded,
  submodules,
  ...raw
}: JsonObject): JsonObject {
  if (!isObject(submodules)) return raw;
  const inner = Object.entries(submodules).map(([path, entry]) => [
    path,
    isObject(entry) ? withoutPatches(entry) : entry,
  ]);
  return { ...raw, submodules: Object.fromEntries(inner) as JsonObject };
}

function firstEntries<Value>(record: Record<string, Value>, most: number): Record<string, Value> {
  const names = Object.keys(record);
  if (names.length <= most) return record;
  return Object.fromEntries(names.slice(0, most).map((name) => [name, record[name] as Value]));
}

/** Whether the JSON of a value is longer than that; stops counting there. */
function isTooLarge(value: unknown, most: number): boolean {
  let left = most;
  const count = (part: unknown): void => {
    if (left < 0) return;
    if (typeof part === 'string') left -= part.length + 2;
    else if (Array.isArray(part)) for (const one of part) count(one);
    else if (part !== null && typeof part === 'object') {
      for (const key in part) {
        left -= key.length + 4;
        count((part as Record<string, unknown>)[key]);
        if (left < 0) return;
      }
    } else left -= 8;
  };
  count(value);
  return left < 0;
}
