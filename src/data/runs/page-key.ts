import { createHash } from 'node:crypto';
import { formatSpan } from '../../../collector/base/format/duration.ts';
import type { SiteBook } from '../book/types.ts';
import { jsonText } from '../browser.ts';
import { isGoingOn, lastChangeUs } from './going-on.ts';
import { plainNumber } from './json.ts';
import { aroundRun } from './page.ts';
import type { RunDetails, RunShape } from './types.ts';

/**
 * What is kept of a run to tell whether its page is still the one that was rendered, without reading all of it again; `series`
 * stands for its curves.
 */
export function runShape(details: RunDetails, series: string): RunShape {
  // Whether it is stale is told anew by each build.
  const sum = createHash('sha256')
    .update(jsonText([{ ...details, stale: undefined }, series], undefined, plainNumber))
    .digest('hex');
  const { key, slug, identifier, name, place, status, artifacts, ledger, children, parentSlugs } = details;
  const { metrics, params, parents } = details;
  return {
    sum,
    key,
    slug,
    identifier,
    name,
    place,
    status,
    artifacts,
    metrics,
    paramNames: Object.keys(params),
    sinceUs: lastChangeUs(details),
    parents,
    parentSlugs,
    ledger: ledger && { uid: ledger.uid },
    childSlugs: children.map((child) => child.slug),
  };
}

/**
 * What the page of a run depends on, as one text: if it is the same, the page need not be rendered again. Undefined for a
 * run of which that is not known.
 */
export function runPageKey(book: SiteBook, slug: string): string | undefined {
  const { runs } = book;
  const shape = runs.shapeOf(slug);
  if (shape === undefined) return undefined;
  const { hrefOf, varying, nowUs, ...around } = aroundRun(book, shape, '../');
  const { items } = around.lineage;
  const { keys, beside } = around.peers;
  const near = [
    around.before?.slug,
    around.after?.slug,
    ...items.map(({ id }) => id),
    ...shape.childSlugs,
    ...shape.parentSlugs,
    ...keys.flatMap(({ previous, best }) => [previous?.slug, best?.slug]),
    ...beside.map((one) => one.slug),
  ];
  const stale = runs.staleOf(slug);
  const since = stale === undefined ? nowUs : formatSpan((nowUs - stale.sinceUs) / 1000);
  const said = [
    [book.title, book.version, book.part],
    shape.sum,
    around,
    [...varying],
    [...new Set(near)].map((other) => other && hrefOf(other)),
    stale,
    isGoingOn(shape) ? since : '',
  ];
  return createHash('sha256')
    .update(jsonText(said, undefined, plainNumber))
    .digest('hex');
}
