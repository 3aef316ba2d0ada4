import { formatSpan } from '../../collector/base/format/duration.ts';
import { formatMoment } from '../../collector/base/format/time.ts';

/** What a page that is read long after its build says instead of how things are. */
export interface OldPage {
  heading: string;
  text: string;
}

/** Times of a page in microseconds since 1970; `said` is the sentence that it had for its heading. */
export interface PageTimes {
  builtUs: number;
  staleUs: number;
  dueUs: number | undefined;
  said: string | undefined;
  /** Whether the page hears of what is recorded: then it is as old as the last record. */
  isLive: boolean;
}

/** How old a page is, where it is too old to tell how things are; undefined before. */
export function oldPage(
  { builtUs, staleUs, dueUs, said, isLive }: PageTimes,
  nowUs: number,
): OldPage | undefined {
  const isDue = dueUs !== undefined && nowUs > dueUs;
  // A page that hears of records knows of everything but of what did not come.
  if (!(nowUs > staleUs) || (isLive && !isDue)) return undefined;
  const age = formatSpan((nowUs - builtUs) / 1000);
  const then = said === undefined ? '' : ` Then it said: “${said}”`;
  const due = isDue
    ? ` A snapshot has been due since ${formatMoment(dueUs, nowUs)} UTC; whether it was taken, only a newer build tells.`
    : ' What has happened since, only a newer build tells.';
  return {
    heading: `This page is ${age} old.`,
    text: `It was built on ${formatMoment(builtUs, nowUs)} UTC, ${age} ago.${then}${due}`,
  };
}

/** Puts the age of the page where it speaks of its state, now and as long as it is open. */
export function tellPageAge(): void {
  showPageAge();
  setInterval(showPageAge, 30_000);
}

/** Says how old the page that stands here is, where that is too old to tell how things are. */
export function showPageAge(): void {
  const place = document.querySelector<HTMLElement>('.page-age');
  if (place === null) return;
  const { built, stale, due, said } = place.dataset;
  const us = (text = '') => Date.parse(text) * 1000;
  const isLive = document.documentElement.hasAttribute('data-live');
  const times = { builtUs: us(built), staleUs: us(stale), dueUs: due === undefined ? undefined : us(due) };
  const old = oldPage({ ...times, said, isLive }, Date.now() * 1000);
  if (old === undefined || place.textContent === old.text) return;
  place.textContent = old.text;
  place.classList.add('page-old');
  const heading = place.closest('.page-title')?.querySelector('h1');
  if (said !== undefined && heading) heading.textContent = old.heading;
}
