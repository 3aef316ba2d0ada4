import { formatBytes, formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { SiteBook } from '../../data/book/types.ts';
import { taggedHref, versionHref } from '../../data/links.ts';
import { hrefOf } from '../../data/snapshots/list.ts';
import { type VersionsPage, versionsPageFacts } from '../../data/versions/list.ts';
import { problemText } from '../../data/versions/problem.ts';
import type { VersionsSummary } from '../../data/versions/types.ts';
import { emptyPart, Panel, pathPart } from '../basics.tsx';
import { group, type Part, part } from '../part.ts';
import { tagsPart, versionTable } from './list.tsx';
import { versionSizesPart } from './sizes.tsx';
import { troublesPart } from './troubles.tsx';

/** All versions, their sizes, tags and troubles. */
export function versionsPage(book: SiteBook): Part {
  const { versions } = book;
  const page = versionsPageFacts(versions, book.builtAtUs);
  // Tagged snapshots alone are no versions to list: the page still says how to begin.
  const isEmpty = versions.total + versions.lost.length === 0;
  const troubles = [
    ...versions.lost.map(({ version, finding }) => ({
      version,
      href: undefined,
      state: 'missing' as const,
      problem: problemText(finding),
    })),
    ...page.unreadable.map((view) => ({ ...view, href: versionHref('', view) })),
  ];
  return (
    <>
      <div class="page-title">
        <h1>Versions</h1>
        <p class="lead">{page.lead}</p>
      </div>
      <div class="grid">
        {isEmpty ? (
          <Panel title="Begin">
            {emptyPart(
              'A version is a state with a name: any JSON or text, to come back to and to compare. Save a configuration, a result, a model card before you change it; what follows is kept as what changed.',
              'npx daybook store save config.json --name v1.0.0 --tag release\nnpx daybook store delta config.json',
            )}
          </Panel>
        ) : (
          <>
            {figuresPart(page)}
            {page.sizes !== undefined && (
              <Panel
                title="Sizes"
                note={`oldest to newest · tallest ${formatBytes(page.sizes.maxBytes)}`}
                legend={sizesLegend()}
              >
                {versionSizesPart(page.sizes, { width: 1000, height: 64 })}
              </Panel>
            )}
            {troubles.length > 0 && (
              <Panel title="Cannot be read" note={<a href="health.html">all findings</a>}>
                {troublesPart(troubles)}
              </Panel>
            )}
            <daybook-versions data-base="data/versions/" data-total={versions.total}>
              {page.tags.length > 0 && tagsPanel(page)}
              {storedPanel(versions, page)}
            </daybook-versions>
          </>
        )}
        {versions.taggedSnapshots.length > 0 && taggedSnapshotsPanel(book)}
      </div>
    </>
  );
}

/** How many there are, and what they take. */
function figuresPart({ figures }: VersionsPage): Part {
  return (
    <ul class="tiles panel">
      {figures.map((figure) => (
        <li class="tile">
          <span class="tile-head">
            <span class="tile-label">{figure.label}</span>
          </span>
          <span class="tile-figure">
            <b>{figure.value}</b>{' '}
            <span class="tile-note" title={figure.note}>
              {figure.note}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Each tag with the newest version that bears it. */
function tagsPanel({ tags }: VersionsPage): Part {
  return (
    <Panel title="Tags" note={plural(tags.length, 'tag')}>
      <ul class="tag-list">
        {tags.slice(0, 60).map(({ tag, count, newest }) => (
          <li>
            <a class="tag" href={taggedHref('', tag)} data-tag={tag} title={tag}>
              {tag}
            </a>
            <span class="tag-count">{formatCount(count)}</span>
            {newest !== undefined && (
              <a class="mono" href={versionHref('', newest)} title="the newest with this tag">
                {pathPart(newest.version)}
              </a>
            )}
          </li>
        ))}
      </ul>
      {tags.length > 60 && <p class="pale below">and {formatCount(tags.length - 60)} more</p>}
    </Panel>
  );
}

/** Snapshots that bear a tag. */
function taggedSnapshotsPanel({ versions, pageIds }: SiteBook): Part {
  const snapshotPages = new Set(pageIds);
  return (
    <Panel title="Tagged snapshots" note="periodic snapshots that are never pruned">
      <ul class="rows version-troubles">
        {versions.taggedSnapshots.slice(0, 60).map(({ id, tags }) => (
          <li>
            <a class="mono" href={hrefOf(id, undefined, snapshotPages)}>
              {pathPart(id)}
            </a>
            {tagsPart(tags, '')}
          </li>
        ))}
      </ul>
      {versions.taggedSnapshots.length > 60 && (
        <p class="pale below">and {formatCount(versions.taggedSnapshots.length - 60)} more</p>
      )}
    </Panel>
  );
}

/** The newest versions as a table, which the scripts take over. */
function storedPanel({ total }: VersionsSummary, { rows: views, rail, older }: VersionsPage): Part {
  const rows = views.map((view, at) => ({ view, rail: rail.rows[at]! }));
  return (
    <Panel
      title="Stored"
      flush
      note={total > 1 && <a href="compare.html">compare any two</a>}
      legend={
        <ul class="legend">
          <li>
            <svg class="rail-key" viewBox="0 0 12 12" aria-hidden="true">
              <rect x="1.5" y="1.5" width="9" height="9" rx="1" />
            </svg>
            whole
          </li>
          <li>
            <svg class="rail-key" viewBox="0 0 12 12" aria-hidden="true">
              <circle cx="6" cy="6" r="3.5" />
            </svg>
            delta, upon what its line leads down to
          </li>
        </ul>
      }
    >
      {toolsPart()}
      <div class="table-frame" data-rows tabindex="0" role="region" aria-label="Versions">
        {versionTable(rows, { lanes: rail.lanes, caption: 'Versions, newest first' })}
      </div>
      {older > 0 && (
        <p class="version-more" data-more>
          The newest {formatCount(views.length)} of {formatCount(total)}. <code>daybook store list</code>{' '}
          lists all, and <a href="data/versions/index.json">data/versions</a> holds them.
        </p>
      )}
    </Panel>
  );
}

/** What the scripts of the table offer. */
function toolsPart(): Part {
  return (
    <div class="version-tools" data-tools>
      <label for="version-filter">Find</label>
      <input
        id="version-filter"
        type="search"
        data-filter
        placeholder="name, tag or description"
        autocomplete="off"
        spellcheck="false"
      />
      <ul class="chips" data-chips aria-label="Chosen filters"></ul>
      <span class="pale" data-count role="status"></span>
      <span class="version-pages">
        <button type="button" class="tool" data-turn="-1" disabled>
          Newer
        </button>
        <button type="button" class="tool" data-turn="1">
          Older
        </button>
      </span>
    </div>
  );
}

/** The meanings of the bars. */
function sizesLegend(): Part {
  return (
    <ul class="legend">
      <li>
        <span class="swatch swatch-stored"></span>on disk, whole
      </li>
      <li>
        <span class="swatch swatch-delta"></span>on disk, delta
      </li>
      <li>
        <span class="swatch swatch-spared"></span>spared
      </li>
    </ul>
  );
}
