import { shorten } from '../../../collector/base/format/words.ts';
import { escapeText, plainInline } from '../markdown/inline.ts';
import { boundedMarkdown } from '../markdown/markdown.ts';
import { type Inside, type Part, part } from '../part.ts';

/** Where a page stands, and of what book it is. */
export interface TwinPlace {
  /** Its file without folder and ending. */
  name: string;
  book: string;
  /** The way to the top of the site. */
  up: string;
}

/** Longer ones are cut: who reads them pays by the letter. */
const maxTwin = 60_000;
const maxDescription = 240;

/** Pages that are empty without scripts: what they show is data alone. */
const shells = /(?:^|\/)(?:run|version)\.html$/;

/** A page as Markdown: the same parts that it is printed from, with links that lead on from Markdown to Markdown. */
export function twinOf(main: Inside, { name, book, up }: TwinPlace): string {
  const foot = `[This page](${name}.html) belongs to ${escapeText(book)}, recorded by Daybook. All times are UTC. [All pages as text](${up}llms.txt)`;
  return twinText(main, `${name}.html`, { foot, hrefOf: twinHref });
}

/** The page of all books as Markdown: of books that have no Markdown, links lead to their pages. */
export function fleetTwinOf(main: Inside, books: { name: string; hasMarkdown: boolean }[]): string {
  const without = new Set(books.filter(({ hasMarkdown }) => !hasMarkdown).map(({ name }) => name));
  const foot = '[This page](index.html) is of several books, recorded by Daybook. All times are UTC.';
  const hrefOf = (href: string) => (without.has(href.split('/')[0]!) ? href : twinHref(href));
  return twinText(main, 'index.html', { foot, hrefOf });
}

function twinText(
  main: Inside,
  page: string,
  { foot, hrefOf }: { foot: string; hrefOf: (href: string) => string },
): string {
  const { text, whole } = boundedMarkdown(childrenOf(main), maxTwin, hrefOf);
  const cut = whole ? '' : `\n\nCut here: [the page](${page}) has more.`;
  return `${text}${cut}\n\n---\n\n${foot}\n`;
}

/** What a page says of itself in a few words: its lead, behind its heading where that is a sentence. */
export function descriptionOf(main: Inside): string {
  const all = childrenOf(main);
  const [heading] = found(all, ({ tag }) => tag === 'h1');
  const leads = found(all, isLead);
  const said = (one: Part) => plainInline(one.children);
  const isSentence = heading !== undefined && /[.!?]$/.test(said(heading));
  return shorten(
    [...(isSentence ? [heading] : []), ...leads].map(said).filter(Boolean).join(' '),
    maxDescription,
  );
}

function isLead({ tag, attributes }: Part): boolean {
  return tag === 'p' && /(?:^| )(?:lead|explorer-count)(?: |$)/.test(String(attributes['class'] ?? ''));
}

function found(children: readonly (Part | string)[], isWanted: (one: Part) => boolean): Part[] {
  return children.flatMap((child) => {
    if (typeof child === 'string') return [];
    return isWanted(child) ? [child] : found(child.children, isWanted);
  });
}

/** Pages have a Markdown form beside them; what an address asks of a script has none. */
function twinHref(href: string): string {
  const isPage = /^(?:\.\.\/)?(?:[^/?#:]+\/)?[^/?#:]+\.html$/.test(href) && !shells.test(href);
  return isPage ? href.replace(/html$/, 'md') : href;
}

function childrenOf(main: Inside): (Part | string)[] {
  return part('div', {}, main).children;
}
