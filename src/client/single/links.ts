import { fragmentOf, placeIn, placeOfLink } from '../address.ts';
import type { Blocks } from '../blocks.ts';

const imageTypes: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};

/** Makes links and pictures of a page those of one file: links name places in it, what it leaves out is no link. */
export function prepareLinks(root: ParentNode, page: string, blocks: Blocks): void {
  for (const link of root.querySelectorAll('a[href]')) prepareLink(link, page, blocks);
  for (const image of root.querySelectorAll('img[src]')) prepareImage(image, page, blocks);
}

/** Does the same to all that scripts put on the page later, before it is painted. */
export function watchLinks(root: HTMLElement, blocks: Blocks): void {
  new MutationObserver((changes) => {
    const page = placeIn(location.hash)?.page;
    if (page === undefined) return;
    for (const { type, target, addedNodes } of changes) {
      if (type === 'attributes') prepareLink(target as Element, page, blocks);
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        if (node.matches('a[href]')) prepareLink(node, page, blocks);
        prepareLinks(node, page, blocks);
      }
    }
  }).observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: ['href'] });
}

/** What a browser calls a picture by its ending; undefined for what is none. */
export function imageTypeOf(name: string): string | undefined {
  return imageTypes[/\.([a-z]+)$/.exec(name)?.[1] ?? ''];
}

/** The address of a picture whose bytes it holds. */
export function imageAddress(name: string, blocks: Blocks): string {
  return `data:${imageTypeOf(name)};base64,${blocks.base64(name)}`;
}

function prepareLink(link: Element, page: string, blocks: Blocks): void {
  const href = link.getAttribute('href');
  if (href === null || link.localName !== 'a' || href.startsWith('#')) return;
  const place = placeOfLink(href, page);
  if (place === undefined) return;
  if (blocks.has(place.page)) link.setAttribute('href', fragmentOf(place));
  else leaveOut(link);
}

/** What is not in the file is plain text, and no entry of the frame. */
function leaveOut(link: Element): void {
  const entry = link.closest('nav li, footer li') ?? (link.matches('[data-find]') ? link : undefined);
  entry?.remove();
  link.removeAttribute('href');
  link.setAttribute('title', 'Not in this file');
}

function prepareImage(image: Element, page: string, blocks: Blocks): void {
  const source = image.getAttribute('src') ?? '';
  const place = placeOfLink(source, page);
  if (place === undefined) return;
  if (blocks.has(place.page) && imageTypeOf(place.page) !== undefined)
    image.setAttribute('src', imageAddress(place.page, blocks));
  else image.removeAttribute('src');
}
