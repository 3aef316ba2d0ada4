import type { SiteBook } from '../../data/book/types.ts';
import { type ComparePage, comparePageFacts } from '../../data/snapshots/compare.ts';
import { emptyPart } from '../basics.tsx';
import { group, type Part, part } from '../part.ts';
import { differencesPart, unchangedPart } from '../values/differences.tsx';

/** Two snapshots or versions side by side. */
export function comparePage(book: SiteBook): Part {
  const page = comparePageFacts(book);
  const hasVersions = book.versions.total > 0;
  const hasSnapshots = book.snapshots.length > 0;
  const both = hasVersions && hasSnapshots;
  return (
    <>
      <div class="page-title">
        <h1>Compare two {both ? 'states' : hasVersions ? 'versions' : 'snapshots'}</h1>
        {both && <p class="lead">Any two versions and periodic snapshots; the address keeps the choice.</p>}
      </div>
      {page === undefined ? (
        <div class="panel">
          {emptyPart(
            'There is no snapshot yet, and no version. Take two, and this page says what changed between them.',
            'npx daybook periodic\nnpx daybook store save config.json',
          )}
        </div>
      ) : (
        <daybook-compare
          data-snapshots={hasSnapshots ? 'data/snapshots/' : undefined}
          data-versions={hasVersions ? 'data/versions/' : undefined}
        >
          <div class="panel">
            {choicePart(page)}
            <p class="compare-said" data-said role="status">
              {page.said}
            </p>
            <div data-differences>
              {page.rows !== undefined &&
                (page.rows.length === 0 ? (
                  <p class="panel-text">Every field has the same value.</p>
                ) : (
                  <>
                    {differencesPart(page.rows)}
                    {page.unchanged !== undefined && unchangedPart(page.unchanged)}
                  </>
                ))}
            </div>
            <div class="compare-states" data-states></div>
            <noscript>
              <p class="panel-text">
                Without scripts this page shows the two newest; each{' '}
                {hasSnapshots && <a href="snapshots.html">snapshot</a>}
                {both && ' and each '}
                {hasVersions && <a href="versions.html">version</a>} says what changed since the one before.
              </p>
            </noscript>
          </div>
        </daybook-compare>
      )}
    </>
  );
}

/** What is compared, and the ways to choose something else. */
function choicePart({ sides }: ComparePage): Part {
  return (
    <div class="compare-choice">
      {sides.map(({ side, title, label }) => (
        <div class="compare-side">
          <label for={`compare-${side}`}>{title}</label>
          <div>
            <select id={`compare-${side}`} data-side={side} disabled>
              <option>{label}</option>
            </select>
            <button
              type="button"
              class="tool"
              data-side={side}
              data-step="-1"
              aria-label={`${title}: the one before`}
            >
              ←
            </button>
            <button
              type="button"
              class="tool"
              data-side={side}
              data-step="1"
              aria-label={`${title}: the one after`}
            >
              →
            </button>
          </div>
        </div>
      ))}
      <button type="button" class="tool compare-swap" data-swap>
        Swap
      </button>
    </div>
  );
}
