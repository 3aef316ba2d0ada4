import { formatDuration, formatSpan } from '../../../collector/base/format/duration.ts';
import { plainText } from '../../../collector/base/format/plain.ts';
import { inWords, sentence } from '../../../collector/base/format/words.ts';
import { statusBar } from '../../charts/status-bar.ts';
import { jsonText } from '../../data/browser.ts';
import { compareRunsHref, runsWhereHref } from '../../data/links.ts';
import { isGoingOn, type RunPageFacts } from '../../data/runs/page.ts';
import type { Staleness } from '../../data/runs/types.ts';
import { staleWord } from '../../data/runs/words.ts';
import { linkPart, markedPart, monoPart, panelPart, pathPart, statusPart, timePart } from '../basics.ts';
import { type Inside, type Part, part } from '../part.ts';
import { statusBarPart } from './status-bar.ts';

/** What a run is and how it ended: the first thing a page of it says. */
export function runHead(facts: RunPageFacts): Part {
  const { run, up } = facts;
  return part(
    'div',
    { class: 'page-title run-title' },
    part(
      'nav',
      { class: 'neighbours', 'aria-label': 'Way back' },
      linkPart(`${up}runs.html`, 'All runs'),
      run.identifier !== '' && linkPart(identifierHref(up, run.identifier), pathPart(run.identifier)),
      facts.before !== undefined &&
        linkPart(facts.hrefOf(facts.before.slug), ['Before: ', pathPart(facts.before.name)]),
      facts.after !== undefined &&
        linkPart(facts.hrefOf(facts.after.slug), ['After: ', pathPart(facts.after.name)]),
      facts.before !== undefined &&
        linkPart(compareRunsHref(up, [facts.before.slug, run.slug]), 'Compare with the one before'),
    ),
    part('h1', { class: 'run-name' }, pathPart(run.name)),
    part('p', { class: 'lead' }, sentence(endedHow(facts))),
    part(
      'p',
      { class: 'lead run-lead' },
      run.stale !== undefined
        ? markedPart('missed', staleWord)
        : run.status !== 'unknown' && statusPart(run.status, run.statusWord),
      run.atUs !== undefined && part('span', {}, startedWord(facts), timePart(run.atUs), ' UTC'),
      run.durationMs !== undefined && part('span', {}, 'took ', formatDuration(run.durationMs)),
      monoPart(run.key),
      run.zoneless && part('span', { class: 'pale' }, 'Its files give no zone; times are taken as UTC.'),
    ),
    run.tags.length > 0 &&
      part(
        'ul',
        { class: 'tags', 'aria-label': 'Tags' },
        run.tags.map((tag) => part('li', { class: 'tag' }, plainText(tag))),
      ),
    run.description !== undefined &&
      run.description !== '' &&
      part('p', { class: 'run-description' }, plainText(run.description)),
  );
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
  return panelPart(
    { title: bar === undefined ? 'What went wrong' : 'Course', id: 'course', note: courseNote(facts) },
    run.error !== undefined &&
      part('pre', { class: 'run-error', tabindex: 0 }, part('code', {}, plainText(run.error))),
    bar !== undefined && statusBarPart(bar),
    bar !== undefined &&
      part(
        'ol',
        { class: 'run-history' },
        told.map((change) =>
          part(
            'li',
            {},
            part('span', { class: 'mono dim' }, timePart(change.atUs)),
            statusPart(change.status, change.word),
            part('span', { class: 'dim' }, lasted(change.atUs, change.status)),
          ),
        ),
      ),
  );
}

/** The answer in a sentence. */
function endedHow({ run, nowUs }: RunPageFacts): string {
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
        : `its file says “${plainText(run.statusWord)}”.`;
  }
}

/** What is known beyond that there is no sign of life. */
function whyStale({ why }: Staleness): string {
  return why.startsWith('no sign of life') ? '' : `: ${plainText(why)}`;
}

function startedWord({ run }: RunPageFacts): string {
  return run.startedAtUs === undefined
    ? run.statusFrom === 'receipt' || run.statusFrom === 'none'
      ? 'receipt of '
      : 'of '
    : 'started ';
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
