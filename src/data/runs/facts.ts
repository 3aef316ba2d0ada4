import type { RunRecord } from '../../../collector/runs/record.ts';
import { noStatusCounts } from '../actions/facts.ts';
import { jsonText, notRecorded, parseJson } from '../browser.ts';
import { countFacets } from './facets.ts';
import { plainNumber } from './json.ts';
import type { RunsSummary, RunView } from './types.ts';
import { revivedView, runView } from './view.ts';

/** What pages say about all runs, as it is kept between builds. Whether runs are stale, and their verdicts, are not. */
export type RunFacts = Pick<
  RunsSummary,
  'total' | 'byStatus' | 'notRecordedTotal' | 'firstUs' | 'lastUs' | 'facets' | 'views' | 'failed'
> & {
  /** All runs that say they run, at most 2,000. */
  unfinished: RunView[];
  /** Slug and file of every receipt, newest first. */
  receipts: [slug: string, file: string][];
};

const listed = 200;
const maxFailed = 20;
const maxUnfinished = 2000;

/** Counts of the runs, which are newest first, and those that pages list. */
export function runFacts(runs: RunRecord[], pages: number): RunFacts {
  const byStatus = noStatusCounts();
  let [firstUs, lastUs]: (number | undefined)[] = [];
  for (const { status, atUs } of runs) {
    byStatus[status] += 1;
    if (atUs === undefined) continue;
    if (firstUs === undefined || atUs < firstUs) firstUs = atUs;
    if (lastUs === undefined || atUs > lastUs) lastUs = atUs;
  }
  const first = (status: RunRecord['status'], most: number) =>
    firstOf(runs, (run) => run.status === status, most).map(runView);
  return {
    total: runs.length,
    byStatus,
    notRecordedTotal: runs.filter(({ statusWord }) => statusWord === notRecorded).length,
    firstUs,
    lastUs,
    facets: countFacets(runs),
    views: runs.slice(0, Math.max(listed, pages)).map(runView),
    failed: first('failed', maxFailed),
    unfinished: first('running', maxUnfinished),
    receipts: runs.flatMap(({ slug, receipt }) =>
      receipt === undefined ? [] : [[slug, receipt.file] as [string, string]],
    ),
  };
}

/** Facts in a form that JSON keeps. */
export function packedFacts(facts: RunFacts): RunFacts {
  return parseJson(jsonText(facts, undefined, plainNumber)) as unknown as RunFacts;
}

/** Facts that came back from JSON. */
export function revivedFacts(facts: RunFacts): RunFacts {
  return {
    ...facts,
    firstUs: facts.firstUs ?? undefined,
    lastUs: facts.lastUs ?? undefined,
    views: facts.views.map(revivedView),
    failed: facts.failed.map(revivedView),
    unfinished: facts.unfinished.map(revivedView),
  };
}

function firstOf<Value>(values: Value[], is: (value: Value) => boolean, most: number): Value[] {
  const found: Value[] = [];
  for (const value of values) {
    if (found.length === most) break;
    if (is(value)) found.push(value);
  }
  return found;
}
