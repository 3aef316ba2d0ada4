import type { SiteBook } from '../../data/book/types.ts';
import { type Part, part } from '../part.ts';

/** The page that shows any run from the data files. */
export function runShell(book: SiteBook): Part {
  return (
    <daybook-run data-base="data/runs/" data-repository={book.repository} data-built={book.builtAtUs}>
      <div class="page-title">
        <nav class="neighbours" aria-label="Way back">
          <a href="runs.html">All runs</a>
        </nav>
        <h1>Run</h1>
        <p class="lead" data-said role="status">
          This page shows any run from the data files of the site; <a href="runs.html">the table of runs</a>{' '}
          leads here.
        </p>
        <noscript>
          <p class="panel-text below">
            It needs scripts. Without them, the newest {book.runs.pageSlugs.length} runs have pages of their
            own.
          </p>
        </noscript>
      </div>
    </daybook-run>
  );
}
