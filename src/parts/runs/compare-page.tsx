import type { SiteBook } from '../../data/book/types.ts';
import { runHref } from '../../data/links.ts';
import { compareRuns, defaultComparison } from '../../data/runs/compare.ts';
import { emptyPart } from '../basics.tsx';
import { group, type Part, part } from '../part.ts';
import { compareRunsPart, comparisonText } from './compare.tsx';
import { runOptions } from './options.tsx';

/** Chosen runs side by side. */
export function compareRunsPage(book: SiteBook): Part {
  const { runs } = book;
  const pages = new Set(runs.pageSlugs);
  const compared = defaultComparison(runs).flatMap((slug) => {
    const run = runs.detailsOf(slug);
    return run === undefined ? [] : [{ run, series: runs.seriesOf(slug) }];
  });
  const given = {
    compared,
    hrefOf: (slug: string) => runHref('', slug, pages.has(slug)),
    all: false,
    live: false,
    code: runs.codeChanges,
    commits: runs.commitChanges,
  };
  return (
    <>
      <div class="page-title">
        <nav class="neighbours" aria-label="Way back">
          <a href="runs.html">All runs</a>
        </nav>
        <h1>Compare runs</h1>
        {compared.length > 0 && (
          <p class="lead" data-said role="status">
            {comparisonText(compareRuns(compared, runs.codeChanges, runs.commitChanges))}
          </p>
        )}
      </div>
      {compared.length === 0 ? (
        <div class="panel">
          {emptyPart(
            'There is no run yet. Run something with a receipt twice, and this page says what differed.',
            'npx daybook exec train --lock --repo . --out results/train-1 -- python train.py',
          )}
        </div>
      ) : (
        <daybook-compare-runs data-base="data/runs/">
          <div class="compare-tools" data-tools>
            <label for="compare-add">Add</label>
            <select id="compare-add" data-add disabled>
              {runOptions(runs.views)}
            </select>
            <label class="switch" for="compare-all">
              <input type="checkbox" id="compare-all" data-all disabled />
              also what is the same
            </label>
            <span class="compare-trouble" data-trouble role="status"></span>
          </div>
          <div class="grid" data-comparison>
            {compareRunsPart(given)}
          </div>
          <noscript>
            <p class="panel-text below">
              Without scripts this page compares {compared.length} runs; which ones can be chosen with
              scripts.
            </p>
          </noscript>
        </daybook-compare-runs>
      )}
    </>
  );
}
