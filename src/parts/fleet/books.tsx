import { formatCount } from '../../../collector/base/format/number.ts';
import type { MarkName } from '../../charts/status-shape.ts';
import {
  type BookState,
  type Done,
  type FleetBook,
  isRead,
  type ReadBook,
  stateOf,
  type UnreadBook,
} from '../../data/fleet/types.ts';
import { agoPart, markedPart, names, timePart } from '../basics.tsx';
import { group, type Part, part } from '../part.ts';
import { dayStripPart } from './day-strip.tsx';

/** A row for each book, in the order that is given. */
export function booksTable(books: readonly FleetBook[], nowUs: number): Part {
  return (
    <div class="table-frame" tabindex="-1">
      <table class="table fleet-table">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Book</th>
            <th scope="col">Last 30 days</th>
            <th scope="col" class="number">
              Since yesterday
            </th>
            <th scope="col" class="number">
              7 days
            </th>
            <th scope="col">Last recorded</th>
          </tr>
        </thead>
        <tbody>{books.map((book) => bookRow(book, nowUs))}</tbody>
      </table>
    </div>
  );
}

const marks: Record<BookState, [mark: MarkName, word: string]> = {
  unread: ['finding', 'not read'],
  silent: ['missed', 'silent'],
  empty: ['unknown', 'empty'],
  failing: ['failed', 'failing'],
  uneasy: ['degraded', 'look'],
  well: ['completed', 'well'],
};

function bookRow(book: FleetBook, nowUs: number): Part {
  const state = stateOf(book);
  const [mark, word] = marks[state];
  return (
    <tr class={`fleet-${state}`}>
      <td class="fleet-state">
        {markedPart(mark, isRead(book) && book.silence?.ofSnapshots ? 'stopped' : word)}
      </td>
      {isRead(book) ? readCells(book, nowUs) : unreadCells(book, nowUs)}
    </tr>
  );
}

function readCells(book: ReadBook, nowUs: number): Part[] {
  const { name, title, sentence, facts, days, lastUs } = book;
  const href = `${name}/index.html`;
  return [
    <th scope="row" class="fleet-book">
      <a href={href}>
        <b>{name}</b>
      </a>
      {title !== name && <span class="pale fleet-title">{title}</span>}
      <span class="fleet-verdict">{sentence}</span>
      {facts.length > 0 && <span class="fleet-facts">{facts.slice(0, 2).join(' ')}</span>}
    </th>,
    <td class="fleet-strip">{dayStripPart(days, nowUs)}</td>,
    doneCell(book.sinceYesterday, 'since yesterday'),
    doneCell(book.week),
    <td class="fleet-last">
      {lastUs === undefined ? (
        <span class="pale">never</span>
      ) : lastUs > nowUs ? (
        timePart(lastUs, nowUs)
      ) : (
        agoPart(lastUs, nowUs)
      )}
    </td>,
  ];
}

function unreadCells({ name, problem, earlierUs }: UnreadBook, nowUs: number): Part[] {
  return [
    <th scope="row" class="fleet-book" colspan={5}>
      <b>{name}</b>
      <span class="fleet-verdict">{problem}</span>
      {earlierUs !== undefined && (
        <span class="fleet-facts">
          <a href={`${name}/index.html`}>Its dashboard</a> is that of {timePart(earlierUs, nowUs)} UTC.
        </span>
      )}
    </th>,
  ];
}

/** Actions of a stretch of days, and how many failed; `label` stands beside them where a narrow page shows no head of the table. */
function doneCell({ actions, failed }: Done, label?: string): Part {
  return (
    <td class={names('number', 'fleet-done', label === undefined && 'fleet-week')} data-label={label}>
      {actions === 0 ? <span class="pale">0</span> : formatCount(actions)}
      {failed > 0 && (
        <>
          <span class="visually-hidden">, </span>
          <span class="fleet-failed">{formatCount(failed)} failed</span>
        </>
      )}
    </td>
  );
}
