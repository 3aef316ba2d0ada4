import { formatCount } from '../../../collector/base/format/number.ts';
import type { SiteBook } from '../book/types.ts';
import { drawBadge } from './badges/draw.ts';
import { badgesOf } from './badges/list.ts';
import { feedKinds } from './feeds/kinds.ts';
import { addressOf, isWritten } from './settings.ts';

/** A badge as the page lists it. */
export interface ListedBadge {
  name: string;
  /** The drawing, as an address that needs no file. */
  image: string;
  /** What it says, for those who do not see it. */
  said: string;
  about: string;
  /** What is put into a README. */
  markdown: string;
}

/** A file or folder for programs, and what is in it. */
export interface ListedFile {
  href: string;
  name: string;
  about: string;
}

/** All that the page of badges and feeds prints. */
export interface ElsewherePage {
  address: string | undefined;
  badges: ListedBadge[];
  /** The same badge, drawn by the service that draws badges in other styles; undefined where no address is known. */
  byService: string | undefined;
  feeds: { title: string; about: string; atom: string; json: string }[];
  files: ListedFile[];
}

/** Stands in what is copied for an address that the book does not know. */
export const unknownAddress = 'https://example.org/dashboard/';

/** What the page shows that lists badges, feeds and files for programs. */
export function elsewherePageFacts(book: SiteBook): ElsewherePage {
  const { elsewhere } = book;
  const whole = (path: string) =>
    addressOf({ address: elsewhere.address ?? unknownAddress }, path.replace(/^index\.html$/, ''));
  const badges = isWritten(elsewhere, 'badges') ? badgesOf(book) : [];
  const listed = badges.map((badge) => ({
    name: badge.name,
    image: `data:image/svg+xml,${encodeURIComponent(drawBadge(badge))}`,
    said: `${badge.label}: ${badge.message}`,
    about: badge.about,
    markdown: `[![${altText(badge.label)}](${whole(`badges/${badge.name}.svg`)})](${whole('index.html')})`,
  }));
  return {
    address: elsewhere.address,
    badges: listed,
    byService:
      elsewhere.address === undefined || badges[0] === undefined
        ? undefined
        : `![${altText(badges[0].label)}](https://img.shields.io/endpoint?style=for-the-badge&url=${encodeURIComponent(whole(`badges/${badges[0].name}.json`))})`,
    feeds: isWritten(elsewhere, 'feeds')
      ? feedKinds.map(({ name, title, about }) => ({
          title,
          about,
          atom: `feeds/${name}.xml`,
          json: `feeds/${name}.json`,
        }))
      : [],
    files: filesOf(book),
  };
}

/** The label as the text of a picture in Markdown. */
function altText(label: string): string {
  return label.replace(/[\\[\]<>`*_]/g, (mark) => `\\${mark}`).replace(/\s+/g, ' ');
}

function filesOf({ elsewhere, actions, snapshots, runs }: SiteBook): ListedFile[] {
  const markdown = [
    { href: 'llms.txt', name: 'llms.txt', about: 'What this site holds, for programs that read text.' },
    { href: 'index.md', name: 'index.md', about: 'This site as Markdown: each page has one of its name.' },
  ];
  const sitemap = { href: 'sitemap.xml', name: 'sitemap.xml', about: 'All pages, for search engines.' };
  const counted = `${formatCount(actions.total)} actions, ${formatCount(snapshots.length)} snapshots, ${formatCount(runs.total)} runs`;
  return [
    { href: 'api/index.json', name: 'api/index.json', about: 'All data files as JSON, with their schemas.' },
    ...(isWritten(elsewhere, 'markdown') ? markdown : []),
    ...(isWritten(elsewhere, 'sitemap') ? [sitemap] : []),
    { href: 'data/actions/index.json', name: 'data/', about: `Parquet and JSON of all ${counted}.` },
  ];
}
