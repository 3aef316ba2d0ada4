import { formatDuration, formatSpan } from '../../../collector/base/format/duration.ts';
import { inWords, sentence } from '../../../collector/base/format/words.ts';
import { statusBar } from '../../charts/status-bar.ts';
import { jsonText } from '../../data/browser.ts';
import { compareRunsHref, runsWhereHref } from '../../data/links.ts';
import { isGoingOn } from '../../data/runs/going-on.ts';
import type { RunPageFacts } from '../../data/runs/page.ts';
import type { Staleness } from '../../data/runs/types.ts';
import { staleWord } from '../../data/runs/words.ts';
import { linkPart, markedPart, monoPart, Panel, pathPart, statusPart, timePart } from '../basics.tsx';
import { type Inside, type Part, part } from '../part.ts';
import { statusBarPart } from './status-bar.tsx';

/** What a run is and how it ended: the first thing a page of it says. */
export function runHead(facts: RunPageFacts): Part {
  const { run, up } = facts;
  return (
    <div class="page-title run-title">
      <nav class="neighbours" aria-label="Way back">
        {linkPart(`${up}runs.html`, 'All runs')}
        {run.identifier !== '' && linkPart(identifierHref(up, run.identifier), pathPart(run.identifier))}
        {facts.before !== undefined &&
          linkPart(facts.hrefOf(facts.before.slug), ['Before: ', pathPart(facts.before.name)])}
        {facts.after !== undefined &&
          linkPart(facts.hrefOf(facts.after.slug), ['After: ', pathPart(facts.after.name)])}
        {facts.before !== undefined &&
          linkPart(compareRunsHref(up, [facts.before.slug, run.slug]), 'Compare with the one before')}
      </nav>
      <h1 class="run-name">{pathPart(run.name)}</h1>
      <p class="lead" data-ended>
        {sentence(endedHow(facts))}
      </p>
      <p class="lead run-lead">
        {standPart(run)}
        {run.atUs !== undefined && (
          <span>
            {startedWord(facts)}
            {timePart(run.atUs)} UTC
          </span>
        )}
        {run.durationMs !== undefined && <span>took {formatDuration(run.durationMs)}</span>}
        {monoPart(run.key)}
        {run.zoneless && <span class="pale">Its files give no zone; times are taken as UTC.</span>}
      </p>
      {run.tags.length > 0 && (
        <ul class="tags" aria-label="Tags">
          {run.tags.map((tag) => (
            <li class="tag">{tag}</li>
          ))}
        </ul>
      )}
      {run.description !== undefined && run.description !== '' && (
        <p class="run-description">{run.description}</p>
      )}
    </div>
  );
}

/** The status of a run as a mark and its word; nothing where none is known. */
export function standPart({
  stale,
  status,
  statusWord,
}: Pick<RunCourse['run'], 'stale' | 'status' | 'statusWord'>): Part | undefined {
  if (stale !== undefined) return markedPart('missed', staleWord);
  return status === 'unknown' ? undefined : statusPart(status, statusWord);
}

/** The error it ended with, and its life as a bar of time; undefined where there is neither. */
export function runCourse(facts: RunPageFacts): Part | undefined {
  const { run } = facts;
  const bar = statusBar(run.history, { width: 100, untilUs: isGoingOn(run) ? untilOf(facts) : undefined });
  if (bar === undefined && run.error === undefined) return undefined;
  const told = run.history.slice(-12);
  const lasted = (atUs: number, status: string) => {
    const zone = bar?.zones.find((one) => one.atUs === atUs && one.status === status);
    return zone === undefined ? undefined : formatDuration((zone.toUs - zone.atUs) / 1000);
  };
  return (
    <Panel title={bar === undefined ? 'What went wrong' : 'Course'} id="course" note={courseNote(facts)}>
      {run.error !== undefined && (
        <pre class="run-error" tabindex={0}>
          <code>{run.error}</code>
        </pre>
      )}
      {bar !== undefined && statusBarPart(bar)}
      {bar !== undefined && (
        <ol class="run-history">
          {told.map((change) => (
            <li>
              <span class="mono dim">{timePart(change.atUs)}</span>
              {statusPart(change.status, change.word)}
              <span class="dim">{lasted(change.atUs, change.status)}</span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

/** What is asked of a run to say how it goes. */
export interface RunCourse {
  run: Pick<
    RunPageFacts['run'],
    'status' | 'statusWord' | 'statusFrom' | 'stale' | 'startedAtUs' | 'durationMs' | 'error'
  >;
  nowUs: number;
}

/** How a run goes or ended: the answer in a sentence. */
export function endedHow({ run, nowUs }: RunCourse): string {
  const took = run.durationMs === undefined ? '' : ` after ${formatSpan(run.durationMs)}`;
  if (run.stale !== undefined)
    return `it says it runs, but there has been no sign of life for ${formatSpan((nowUs - run.stale.sinceUs) / 1000)}${whyStale(run.stale)}.`;
  switch (run.status) {
    case 'completed':
      return `completed${took}.`;
    case 'failed':
      return `failed${took}${run.error === undefined ? '; no reason is recorded' : ''}.`;
    case 'aborted':
      return `aborted${took}.`;
    case 'running':
      return run.startedAtUs === undefined
        ? 'running.'
        : `running for ${formatSpan((nowUs - run.startedAtUs) / 1000)}.`;
    case 'pending':
      return 'registered, not started yet.';
    case 'unknown':
      return run.statusFrom === 'none' || run.statusFrom === 'receipt'
        ? 'no file says how it ended.'
        : `its file says “${run.statusWord}”.`;
  }
}

/** What is known beyond that there is no sign of life. */
function whyStale({ why }: Staleness): string {
  return why.startsWith('no sign of life') ? '' : `: ${why}`;
}

function startedWord({ run }: RunPageFacts): string {
  if (run.startedAtUs !== undefined) return 'started ';
  const hasReceipt = run.files.some(({ kind }) => kind === 'receipt');
  return hasReceipt && (run.statusFrom === 'receipt' || run.statusFrom === 'none') ? 'receipt of ' : 'of ';
}

function courseNote({ run }: RunPageFacts): Inside {
  const tries = run.history.filter(
    ({ status }, at) => status === 'running' && run.history[at - 1]?.status !== 'running',
  ).length;
  return tries > 1 ? `${inWords(tries, 'attempt')}` : undefined;
}

/** A stale run is drawn up to its last sign of life. */
function untilOf({ run, nowUs }: RunPageFacts): number {
  return run.stale?.sinceUs ?? nowUs;
}

function identifierHref(up: string, identifier: string): string {
  return runsWhereHref(up, `identifier = ${jsonText(identifier)}`);
}
