import type { SiteBook } from '../../data/book/types.ts';
import { type Part, part } from '../part.ts';

/** The page that shows any version from the data files. */
export function versionShell(book: SiteBook): Part {
  return (
    <daybook-version data-base="data/versions/" data-repository={book.repository}>
      <div class="page-title">
        <nav class="neighbours" aria-label="Way back">
          <a href="versions.html">All versions</a>
        </nav>
        <h1>Version</h1>
        <p class="lead" data-said role="status">
          This page shows any version from the data files of the site;{' '}
          <a href="versions.html">the list of versions</a> leads here.
        </p>
        <noscript>
          <p class="panel-text below">
            It needs scripts. Without them, the newest {book.versions.pages.length} versions have pages of
            their own.
          </p>
        </noscript>
      </div>
    </daybook-version>
  );
}
