import { fleetAge } from '../../data/fleet/age.ts';
import { newestFailures, noFailuresText } from '../../data/fleet/failures.ts';
import { fleetHeadline } from '../../data/fleet/sentence.ts';
import type { Fleet } from '../../data/fleet/types.ts';
import { emptyPart, Panel } from '../basics.tsx';
import { agePart } from '../overview/age.tsx';
import { group, type Part, part } from '../part.ts';
import { booksTable } from './books.tsx';
import { failureList } from './failures.tsx';

/** Several books on one page: how each of them stands, those first that need someone, and what failed in all of them. */
export function fleetPage(fleet: Fleet): Part {
  const { sentence, facts } = fleetHeadline(fleet);
  const { books, builtAtUs } = fleet;
  const failures = newestFailures(books);
  return (
    <>
      <div class="page-title">
        <h1>{sentence}</h1>
        {agePart(fleetAge(fleet), sentence)}
        <p class="lead">{facts.join(' ')}</p>
      </div>
      <div class="grid">
        <Panel title="Books" flush note="stronger: more actions; underlined: something failed">
          {booksTable(books, builtAtUs)}
        </Panel>
        <Panel title="Newest failures" note={failures.length > 0 && <a href="api/fleet.json">as JSON</a>}>
          {failures.length > 0 ? failureList(failures, builtAtUs) : emptyPart(noFailuresText(books))}
        </Panel>
      </div>
    </>
  );
}
