import type { Trouble } from '../data/health/guard.ts';
import { markPart, timePart } from './basics.tsx';
import { group, type Inside, type Part, part } from './part.ts';

/** What the frame of a page says of its book; without `builtAtUs` nothing that changes with every build. */
export interface Framed {
  title: string;
  version: string;
  /** What this is of the book, where it is not all. */
  part?: string | undefined;
  /** Where the page of all books lies, seen from the first page, where it is one of several. */
  allBooks?: string | undefined;
  builtAtUs: number | undefined;
  current: string;
  /** The way from the page up to the first one. */
  up: string;
  troubles: readonly Trouble[];
}

/** A page around its main part: the way to the other pages, what could not be read, the foot. */
export function frame(
  { title, version, part: ofBook, allBooks, builtAtUs, current, up, troubles }: Framed,
  main: Inside,
): Part {
  return (
    <>
      {skipLink()}
      {pageHeader(title, current, up, allBooks)}
      {ofBook !== undefined && (
        <p class="frame part-of-book">
          A part of the book: <b>{ofBook}</b>. Counts and comparisons are of this part.
        </p>
      )}
      <main id="main" tabindex="-1" class="frame">
        {troubles.map(({ part: name, why }) => (
          <p class="trouble">
            {markPart('failed')} The {name} could not be read: <span class="mono">{why}</span>. What is shown
            of them is not whole; all else is. <a href={`${up}health.html`}>Health</a>
          </p>
        ))}
        {main}
      </main>
      {pageFooter(version, builtAtUs, [
        ['Build and findings', `${up}health.html`],
        ['Badges and feeds', `${up}badges.html`],
        ['The data, as JSON and Parquet', `${up}api/index.json`],
      ])}
    </>
  );
}

/** What the frame of the page of all books says; `links` lead from its foot to files for programs. */
export interface FleetFramed {
  title: string;
  version: string;
  builtAtUs: number;
  links: FootLinks;
}

/** The page of several books around its main part: there are no other pages beside it, only those of the books. */
export function fleetFrame({ title, version, builtAtUs, links }: FleetFramed, main: Inside): Part {
  return (
    <>
      {skipLink()}
      <header class="page-head">
        <div class="frame fleet-head">
          {bookTitle(title, 'index.html')}
          <div class="page-tools">{themeToggle()}</div>
        </div>
      </header>
      <main id="main" tabindex="-1" class="frame">
        {main}
      </main>
      {pageFooter(version, builtAtUs, links)}
    </>
  );
}

type FootLinks = readonly (readonly [label: string, href: string])[];

function skipLink(): Part {
  return (
    <a class="skip" href="#main">
      Skip to the content
    </a>
  );
}

function bookTitle(title: string, href: string): Part {
  return (
    <a class="book-title" href={href} title={title}>
      <b>{title}</b>
      {title.toLowerCase() !== 'daybook' && <span>daybook</span>}
    </a>
  );
}

function themeToggle(): Part {
  return (
    <button
      class="theme-toggle"
      type="button"
      data-theme-toggle
      aria-label="Switch between light and dark"
      title="Light or dark"
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <circle class="ring" cx="8" cy="8" r="6.25" />
        <path d="M8 1.75a6.25 6.25 0 0 1 0 12.5z" />
      </svg>
    </button>
  );
}

/** The head of every page: the book's title, the pages there are, the way to find an action, the theme. */
function pageHeader(title: string, current: string, up: string, allBooks: string | undefined): Part {
  const pages = [
    ['overview', 'Overview', 'index.html'],
    ['actions', 'Actions', 'actions.html'],
    ['snapshots', 'Snapshots', 'snapshots.html'],
    ['runs', 'Runs', 'runs.html'],
    ['trends', 'Trends', 'trends.html'],
    ['lineage', 'Lineage', 'lineage.html'],
    ['versions', 'Versions', 'versions.html'],
    ['health', 'Health', 'health.html'],
  ] as const;
  return (
    <header class="page-head">
      <div class="frame">
        {allBooks !== undefined && (
          <a class="all-books" href={`${up}${allBooks}`}>
            All books
          </a>
        )}
        {bookTitle(title, `${up}index.html`)}
        <nav class="page-nav" aria-label="Pages">
          <ul>
            {pages.map(([key, label, file]) => (
              <li>
                <a href={`${up}${file}`} aria-current={key === current ? 'page' : undefined}>
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="page-tools">
          <a class="find" href={`${up}actions.html#find`} data-find>
            Find actions<kbd>/</kbd>
          </a>
          {themeToggle()}
        </div>
      </div>
    </header>
  );
}

/** The foot of every page: version, when it was built, the zone of all times, and where the data lies. */
function pageFooter(version: string, builtAtUs: number | undefined, links: FootLinks): Part {
  return (
    <footer class="page-foot">
      <div class="frame">
        <p>
          Daybook {version}
          {builtAtUs !== undefined && <>, built {timePart(builtAtUs)}</>}. All times are UTC.
        </p>
        <ul>
          {links.map(([label, href]) => (
            <li>
              <a href={href}>{label}</a>
            </li>
          ))}
        </ul>
      </div>
    </footer>
  );
}
