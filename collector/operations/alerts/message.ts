import { formatClock, formatDay } from '../../base/format/time.ts';
import { shorten } from '../../base/format/words.ts';

/** Something that a rule is about: an action, a run, a state that began. */
export interface AlertEvent {
  /** The same at every call: by it is known what has been told. */
  id: string;
  title: string;
  atUs: number | undefined;
  /** The error, or what is known beside the title. */
  detail: string | undefined;
  /** http(s) address of the CI run that recorded it. */
  url?: string | undefined;
}

/** What is told at once: the events of one rule, or that they are over. */
export interface AlertMessage {
  /** `well`: each event's title says how it ended. */
  state: 'firing' | 'well';
  /** Title of the book. */
  book: string;
  /** Name of the rule; the condition itself where it has none. */
  rule: string;
  when: string;
  events: readonly AlertEvent[];
  nowUs: number;
}

/** So many events are told one by one; of more only how many there are. */
const listed = 10;

/** The message in one line: for subjects and titles. Free of line breaks and other controls, whatever was recorded. */
export function headOf({ state, book, rule, events }: AlertMessage): string {
  const [first] = events;
  const what =
    events.length === 1 && first !== undefined ? first.title : `${events.length} events of ${rule}`;
  return shorten(oneLine(`${book}: ${state === 'well' ? 'well again: ' : ''}${what}`), 200);
}

/** The message as plain lines. What was recorded stands in them as it is, each in a line of its own. */
export function linesOf(message: AlertMessage): string[] {
  const { events, rule, when, nowUs, state } = message;
  const lines = [headOf(message)];
  for (const { title, atUs, detail } of events.slice(0, listed)) {
    if (events.length > 1 || state === 'firing')
      lines.push(
        `• ${shorten(oneLine(title), 200)}${atUs === undefined ? '' : `, ${momentOf(atUs, nowUs)}`}`,
      );
    if (detail !== undefined && detail !== '') lines.push(`  ${shorten(oneLine(detail), 400)}`);
  }
  if (events.length > listed) lines.push(`… and ${events.length - listed} more`);
  lines.push(`Rule: ${shorten(oneLine(rule === when ? when : `${rule} (${when})`), 300)}`);
  return lines;
}

/** A recorded text in one line: line breaks, controls and marks that turn the direction of text become spaces. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
}

/** The first so many characters; never half of one. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function momentOf(us: number, nowUs: number): string {
  return `on ${formatDay(us, nowUs)} at ${formatClock(us)} UTC`;
}
