import { isoTime } from '../../../collector/base/format/time.ts';
import type { SiteBook } from '../book/types.ts';
import { runHref, snapshotHref, versionHref } from '../links.ts';
import { addressOf } from './settings.ts';
import { xmlText } from './xml.ts';

/** More the protocol does not allow in one file. */
const mostPages = 50_000;
const pages = [
  '',
  'actions.html',
  'snapshots.html',
  'runs.html',
  'trends.html',
  'lineage.html',
  'versions.html',
  'health.html',
];

/** sitemap.xml of a site whose address is known: every page that shows something by itself. */
export function sitemapText({ elsewhere, runs, versions, snapshots, pageIds }: SiteBook): string {
  const times = new Map(snapshots.slice(-pageIds.length).map(({ id, atUs }) => [id, atUs]));
  const entries: [path: string, atUs: number | undefined][] = [
    ...pages.map((path): [string, undefined] => [path, undefined]),
    ...runs.pageSlugs.map((slug): [string, undefined] => [runHref('', slug, true), undefined]),
    ...versions.views.flatMap((view): [string, number | undefined][] =>
      view.slug === undefined ? [] : [[versionHref('', view), view.atUs]],
    ),
    ...pageIds.map((id): [string, number | undefined] => [snapshotHref('', id), times.get(id)]),
  ];
  const lines = entries.slice(0, mostPages).map(([path, atUs]) => {
    const time = atUs === undefined ? undefined : isoTime(atUs);
    const changed = time === undefined ? '' : `<lastmod>${time}</lastmod>`;
    return `<url><loc>${xmlText(addressOf(elsewhere, path))}</loc>${changed}</url>`;
  });
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ...lines,
    '</urlset>\n',
  ].join('\n');
}
