import { formatCount } from '../../../collector/base/format/number.ts';
import { drawLineage } from '../../charts/lineage.ts';
import type { SiteBook } from '../../data/book/types.ts';
import { lineageEntries, lineageLead, lineageView } from '../../data/lineage/view.ts';
import { runHref } from '../../data/links.ts';
import { emptyPart, names, Panel } from '../basics.tsx';
import { group, type Part, part } from '../part.ts';
import { lineagePart } from './drawing.tsx';
import { lineageList } from './list.tsx';

/** What was made from what, as a graph and as a list. */
export function lineagePage(book: SiteBook): Part {
  const { runs } = book;
  const pages = new Set(runs.pageSlugs);
  const view = lineageView(runs.lineage);
  const drawing = drawLineage(view.grouped, new Set());
  const hrefOf = (slug: string) => runHref('', slug, pages.has(slug));
  const graph = lineagePart({
    drawing,
    label: 'Graph of runs and what they were made from',
    hrefOf: ({ kind, id }) => (kind === 'run' ? hrefOf(id) : undefined),
    stackHref: ({ id }) => `#group-${id}`,
  });
  const tall =
    drawing.height > 460
      ? 'lineage-view-large'
      : drawing.height > 240
        ? 'lineage-view-medium'
        : 'lineage-view-small';
  const isEmpty = view.grouped.groups.length === 0;
  return (
    <>
      <div class="page-title">
        <h1>Lineage</h1>
        {!isEmpty && <p class="lead">{lineageLead(runs.lineage)}</p>}
      </div>
      {isEmpty ? (
        <Panel title="Begin">
          {emptyPart(
            runs.total === 0
              ? 'There is no run yet. A receipt that names what its run was made from becomes a line of this graph.'
              : `No run of the ${formatCount(runs.total)} here says what it was made from. A receipt does: name the earlier stage with --prev, or its files with --data.`,
            'npx daybook lock --config train.yaml --prev results/process --data data/images --out results/train',
          )}
        </Panel>
      ) : (
        <div class="grid">
          <daybook-lineage data-base="data/runs/" data-pages={runs.pageSlugs.length}>
            <div class="panel panel-flush lineage-panel">
              {toolsPart()}
              <div
                class={names('lineage-view', tall)}
                data-view
                tabindex="0"
                role="region"
                aria-label="Graph; arrows move it, plus and minus change its size"
              >
                {graph}
              </div>
              <div class="lineage-chosen" data-chosen hidden></div>
            </div>
          </daybook-lineage>
          {legendPart()}
          <Panel title="The same as a list" id="list">
            {lineageList(lineageEntries(view.grouped), hrefOf)}
          </Panel>
        </div>
      )}
    </>
  );
}

/** What the scripts of the graph offer. */
function toolsPart(): Part {
  return (
    <div class="lineage-tools" data-tools>
      <label class="visually-hidden" for="lineage-search">
        Find a run or an input
      </label>
      <input
        id="lineage-search"
        type="search"
        data-search
        placeholder="Find a run or an input"
        autocomplete="off"
        spellcheck="false"
        disabled
      />
      <span class="lineage-count" data-count role="status"></span>
      <span class="lineage-buttons">
        <button type="button" class="tool" data-open-all disabled>
          Open all
        </button>
        <button type="button" class="tool" data-close-all disabled>
          Gather
        </button>
        <button type="button" class="tool" data-zoom="in" aria-label="Larger" disabled>
          +
        </button>
        <button type="button" class="tool" data-zoom="out" aria-label="Smaller" disabled>
          −
        </button>
        <button type="button" class="tool" data-zoom="fit" disabled>
          Fit
        </button>
      </span>
    </div>
  );
}

const lines = [
  ['stage', 'made from'],
  ['sweep', 'task of a sweep'],
  ['rerun', 'run again'],
  ['data', 'read as input'],
] as const;

/** The meanings of the lines. */
function legendPart(): Part {
  return (
    <ul class="legend lineage-legend">
      {lines.map(([kind, word]) => (
        <li>
          <svg class="line-sample" width="28" height="8" aria-hidden="true">
            <line class={`lineage-line line-${kind}`} x1="0" x2="28" y1="4" y2="4" />
          </svg>
          {word}
        </li>
      ))}
    </ul>
  );
}
