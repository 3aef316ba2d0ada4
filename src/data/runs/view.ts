import { shorten } from '../../../collector/base/format/words.ts';
import type { RunRecord } from '../../../collector/runs/record.ts';
import { oneLine } from '../actions/text.ts';
import { moreOf } from '../browser.ts';
import { numbersOf } from './json.ts';
import type { RunView, Scalar } from './types.ts';

const maxTextChars = 240;
const maxTags = 50;
const maxNames = 1000;

/** A run as lists show it: its verdict is given later, because it is made at every build. */
export function runView(run: RunRecord): RunView {
  return {
    key: run.key,
    slug: run.slug,
    name: run.name,
    identifier: run.identifier,
    place: run.place,
    status: run.status,
    statusWord: run.statusWord,
    atUs: run.atUs,
    zoneless: run.zoneless,
    startedAtUs: run.startedAtUs,
    endedAtUs: run.endedAtUs,
    durationMs: run.durationMs,
    params: first(run.params),
    metrics: first(run.metrics),
    tags: run.tags.slice(0, maxTags),
    description: shortLine(run.description),
    error: shortLine(run.error),
    stale: run.stale,
    verdict: undefined,
    more: Object.fromEntries(
      Object.entries(moreOf(run)).flatMap(([id, value]): [string, Scalar][] => {
        const shown = typeof value === 'string' ? shortLine(value) : value;
        return shown === undefined ? [] : [[id, shown]];
      }),
    ),
  };
}

/** A view that came back from JSON, where missing values are left out and some numbers are texts. */
export function revivedView(view: RunView): RunView {
  return {
    ...view,
    metrics: numbersOf(view.metrics),
    atUs: view.atUs ?? undefined,
    startedAtUs: view.startedAtUs ?? undefined,
    endedAtUs: view.endedAtUs ?? undefined,
    durationMs: view.durationMs ?? undefined,
  };
}

/** The first thousand: a table of more columns answers nobody, and the data files have them all. */
function first<Value>(record: Record<string, Value>): Record<string, Value> {
  const entries = Object.entries(record);
  return entries.length <= maxNames ? record : Object.fromEntries(entries.slice(0, maxNames));
}

function shortLine(text: string | undefined): string | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  return shorten(oneLine(text.trim()), maxTextChars);
}
