import { type Part, textOf } from '../part.ts';
import { inlineText, isSilent, type LinkTo } from './inline.ts';
import { tableLines } from './table.ts';

const blockTags = new Set([
  'address',
  'article',
  'aside',
  'details',
  'div',
  'dl',
  'dd',
  'dt',
  'figure',
  'figcaption',
  'footer',
  'form',
  'fieldset',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'header',
  'hr',
  'legend',
  'li',
  'main',
  'nav',
  'ol',
  'p',
  'pre',
  'section',
  'summary',
  'table',
  'ul',
]);

/** Parts as Markdown (CommonMark with tables): the third way of printing a page, beside html.ts and the browser's. */
export function markdown(parts: readonly (Part | string)[], linkTo: LinkTo = (href) => href): string {
  return blocksOf(parts, linkTo).join('\n\n');
}

/** The same, but no longer than so many characters, cut between two of its blocks; `whole` is false where it was. */
export function boundedMarkdown(
  parts: readonly (Part | string)[],
  most: number,
  linkTo?: LinkTo,
): { text: string; whole: boolean } {
  const blocks = blocksOf(parts, linkTo ?? ((href) => href));
  let size = 0;
  const fitting = blocks.findIndex((block) => {
    size += block.length + 2;
    return size > most;
  });
  if (fitting === -1) return { text: blocks.join('\n\n'), whole: true };
  return { text: blocks.slice(0, fitting).join('\n\n'), whole: false };
}

function blocksOf(children: readonly (Part | string)[], linkTo: LinkTo): string[] {
  const blocks: string[] = [];
  let line: (Part | string)[] = [];
  const endLine = () => {
    const text = paragraph(inlineText(line, linkTo));
    if (text !== '') blocks.push(text);
    line = [];
  };
  for (const child of children) {
    if (typeof child !== 'string' && isSilent(child)) continue;
    if (typeof child !== 'string' && holdsBlocks(child)) {
      endLine();
      blocks.push(...blocksOfElement(child, linkTo));
    } else line.push(child);
  }
  endLine();
  return blocks.filter((block) => block !== '');
}

/** Whether an element is a block of its own, or one stands somewhere in it. */
function holdsBlocks(child: Part | string): boolean {
  if (typeof child === 'string' || isSilent(child) || child.tag === 'svg') return false;
  return blockTags.has(child.tag) || child.children.some(holdsBlocks);
}

function blocksOfElement(element: Part, linkTo: LinkTo): string[] {
  const { tag, children } = element;
  const heading = /^h([1-6])$/.exec(tag);
  if (heading !== null) {
    const text = inlineText(children, linkTo).replace(/\s+/g, ' ').trim();
    return text === '' ? [] : [`${'#'.repeat(Number(heading[1]))} ${text}`];
  }
  switch (tag) {
    case 'pre':
      return [fenced(textOf(element))];
    case 'ul':
    case 'ol':
      return listLines(children, tag === 'ol', linkTo);
    case 'dl':
      return definitionLines(element, linkTo);
    case 'table':
      return tableLines(element, linkTo);
    case 'nav':
      return [
        paragraph(
          children
            .map((child) => inlineText([child], linkTo).trim())
            .filter(Boolean)
            .join(' · '),
        ),
      ];
    case 'summary':
      return [paragraph(`**${inlineText(children, linkTo).trim().replaceAll('**', '')}**`)];
    default:
      return blocksOf(children, linkTo);
  }
}

/** One line of text that begins no block by what is recorded in it. */
function paragraph(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line
    .replace(/^(?:#{1,6}|[-+])(?=\s|$)|^-{2,}/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
}

/** Recorded text line by line, in a fence that it cannot close. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text.replace(/\r\n?/g, '\n').replace(/\n+$/, '')}\n${fence}`;
}

function listLines(children: readonly (Part | string)[], isOrdered: boolean, linkTo: LinkTo): string[] {
  const items = children
    .filter((child): child is Part => typeof child !== 'string' && !isSilent(child))
    .map((item) => blocksOf(item.tag === 'li' ? item.children : [item], linkTo))
    .filter((blocks) => blocks.length > 0);
  const lines = items.map((blocks, at) => itemText(isOrdered ? `${at + 1}. ` : '- ', blocks));
  return lines.length === 0 ? [] : [lines.join('\n')];
}

/** An entry of a list: what belongs to it is set in, paragraphs that follow each other stay one entry. */
function itemText(mark: string, blocks: readonly string[]): string {
  const inset = ' '.repeat(mark.length);
  const isNested = (block: string) => /^(?:[-`|#]|\d+\. )/.test(block);
  let text = '';
  for (const block of blocks) {
    if (text !== '') text += isNested(block) ? '\n' : ' · ';
    text += block;
  }
  return mark + text.replaceAll('\n', `\n${inset}`);
}

/** Names and values as entries: "- **name**: value". */
function definitionLines({ children }: Part, linkTo: LinkTo): string[] {
  const pairs: string[] = [];
  let name = '';
  const take = (child: Part | string): void => {
    if (typeof child === 'string' || isSilent(child)) return;
    if (child.tag === 'dt') name = inlineText(child.children, linkTo).replace(/\s+/g, ' ').trim();
    else if (child.tag === 'dd') {
      const [first = '', ...more] = blocksOf(child.children, linkTo);
      const isLine = !/^(?:[-`|#]|\d+\. )/.test(first) || first.startsWith('`');
      const value =
        isLine && !first.startsWith('```')
          ? [`**${name}**: ${first}`, ...more]
          : [`**${name}**:`, first, ...more];
      pairs.push(itemText('- ', value));
    } else child.children.forEach(take);
  };
  children.forEach(take);
  return pairs.length === 0 ? [] : [pairs.join('\n')];
}
