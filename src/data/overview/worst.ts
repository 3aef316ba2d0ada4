import { formatSpan } from '../../../collector/base/format/duration.ts';
import { formatCount } from '../../../collector/base/format/number.ts';
import { formatClock, formatDay } from '../../../collector/base/format/time.ts';
import { inWords, sentence, shorten } from '../../../collector/base/format/words.ts';
import type { SiteBook } from '../book/types.ts';
import { isStopped, recorderSentence } from '../browser.ts';
import { failedRunFacts } from '../runs/attention.ts';
import { graveFindings } from './attention.ts';
import { aheadText, aheadUs, noneTakenSinceUs, type Recording } from './recording.ts';

/** Something that can be wrong with a book, and the sentence that says so; undefined where it is not so. */
export interface Wrong {
  name: string;
  say(book: SiteBook, state: Recording): string | undefined;
}

const dayUs = 86_400_000_000;
/** Where more than half of so many slots were missed, that is the state of the book and no incident. */
const fewestSlots = 4;

/** What can be wrong, the worst first. The first that holds is the first sentence of the Overview. */
export const worstFirst: readonly Wrong[] = [
  { name: 'unread', say: (book, state) => nothingSaid(book, state, true) },
  { name: 'empty', say: (book, state) => nothingSaid(book, state, false) },
  {
    name: 'stopped',
    say: ({ builtAtUs }, { recorder }) =>
      isStopped(recorder) ? `${recorderSentence(recorder, builtAtUs)}.` : undefined,
  },
  {
    name: 'quiet',
    say: (_, { silent, silentMs, recorder }) =>
      silent && !isStopped(recorder) ? `Silent for ${formatSpan(silentMs)}.` : undefined,
  },
  { name: 'failing', say: failingSaid },
  { name: 'failed actions', say: (book) => failedFacts(book)[0] },
  { name: 'failed runs', say: (book) => failedRunFacts(book)[0] },
  { name: 'none taken', say: noneTakenSaid },
  { name: 'mostly missed', say: mostlyMissedSaid },
  {
    name: 'late',
    say: ({ builtAtUs }, { recorder }) => {
      return recorder.state === 'late' ? `${recorderSentence(recorder, builtAtUs)}.` : undefined;
    },
  },
  { name: 'ahead', say: aheadSaid },
  {
    name: 'damage',
    say: (book) =>
      book.findings.some(({ severity }) => severity === 'error') ? findingFacts(book)[0] : undefined,
  },
];

/** The worst thing that is true of a book; undefined where nothing of the kind is. */
export function worstOf(book: SiteBook, state: Recording): { name: string; sentence: string } | undefined {
  for (const { name, say } of worstFirst) {
    const said = say(book, state);
    if (said !== undefined) return { name, sentence: said };
  }
  return undefined;
}

/** Actions that failed within a day of the build and that no success of their kind has followed. */
export function failedFacts(book: SiteBook): string[] {
  const since = book.builtAtUs - dayUs;
  const recent = book.actions.attention.filter(({ atUs, status }) => atUs > since && status === 'failed');
  if (recent.length === 0) return [];
  const types = [...new Set(recent.map(({ type }) => type))];
  const only = types.length === 1 && types[0] !== undefined && types[0].length <= 40 ? `${types[0]} ` : '';
  return [`${sentence(inWords(recent.length, `${only}action`))} failed in the last 24 hours.`];
}

/** How many findings there are that hide data or may. */
export function findingFacts(book: SiteBook): string[] {
  const grave = graveFindings(book).length;
  return grave === 0 ? [] : [`${sentence(inWords(grave, 'finding'))} in the files of the book.`];
}

function nothingSaid(book: SiteBook, { lastUs }: Recording, wanted: boolean): string | undefined {
  const unread = book.actions.lines > 0 || book.files.length > 0;
  if (lastUs !== undefined || unread !== wanted) return undefined;
  return unread ? 'Nothing could be read.' : 'Nothing recorded yet.';
}

function failingSaid({ snapshots, builtAtUs }: SiteBook): string | undefined {
  const newest = snapshots.at(-1);
  if (newest?.health !== 'failing') return undefined;
  const well = snapshots.findLastIndex(({ health }) => health !== 'failing');
  const reason = newest.healthReasons[0];
  const since = `Failing since ${moment(snapshots[well + 1]!.atUs, builtAtUs)}`;
  return reason === undefined ? `${since}, as the snapshots say.` : `${since}: ${shorten(reason, 160)}`;
}

function noneTakenSaid(book: SiteBook, state: Recording): string | undefined {
  const sinceUs = noneTakenSinceUs(book, state);
  if (sinceUs === undefined) return undefined;
  return `No snapshot has been taken since recording began on ${moment(sinceUs, book.builtAtUs)}.`;
}

function mostlyMissedSaid({ builtAtUs, coverage }: SiteBook): string | undefined {
  const { kept = 0, missed = 0, slots = [] } = coverage ?? {};
  if (kept + missed < fewestSlots || missed <= kept) return undefined;
  const since = slots[0] === undefined ? '' : ` since ${moment(slots[0].atUs, builtAtUs)}`;
  return `${formatCount(missed)} of the ${formatCount(kept + missed)} snapshots expected${since} are missing.`;
}

function aheadSaid(book: SiteBook, state: Recording): string | undefined {
  const us = aheadUs(book, state);
  return us === 0 ? undefined : `${aheadText(us)}.`;
}

/** "Nov 21 at 10:17". */
const moment = (us: number, nowUs: number) => `${formatDay(us, nowUs)} at ${formatClock(us)}`;
