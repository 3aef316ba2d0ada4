import { fragmentOf, type PlaceInFile, placeIn } from '../address.ts';
import type { Blocks } from '../blocks.ts';
import { find } from '../dom.ts';
import { showPageAge } from '../page-age.ts';
import { refreshTimes } from '../relative-times.ts';
import { artifactView } from './artifact.ts';
import { prepareLinks, watchLinks } from './links.ts';

/** Shows the pages of a file that holds all of them, the one that the fragment of its address names. */
export class Pages {
  readonly #blocks: Blocks;
  readonly #main: HTMLElement;
  /** The latest wish; a page that comes for an older one is thrown away. */
  #turn = 0;

  constructor(blocks: Blocks) {
    this.#blocks = blocks;
    this.#main = find(document, 'main');
  }

  /** Takes over the document, which shows the page `first`. */
  start(first: string): void {
    const anchor = location.hash.length > 1 ? location.hash : '';
    const place = placeIn(location.hash) ?? { page: first, search: '', anchor };
    // "#/" is the first page, whichever that is.
    if (place.page === 'index.html' && !this.#blocks.has(place.page)) place.page = first;
    history.scrollRestoration = 'manual';
    history.replaceState(history.state, '', fragmentOf(place));
    prepareLinks(document.body, first, this.#blocks);
    watchLinks(document.body, this.#blocks);
    document.addEventListener('click', (event) => this.#clicked(event));
    addEventListener('hashchange', ({ oldURL }) => this.#moved(placeIn(new URL(oldURL).hash)));
    if (place.page === first) this.#goToAnchor(place.anchor);
    else this.#open(place);
  }

  #moved(before: PlaceInFile | undefined): void {
    const place = placeIn(location.hash);
    if (place === undefined) return;
    if (place.page === before?.page && place.search === before.search) this.#goToAnchor(place.anchor);
    else this.#open(place);
  }

  #open(place: PlaceInFile): void {
    this.#turn += 1;
    const turn = this.#turn;
    // What stood here is of another address: it must not read this one.
    this.#main.replaceChildren();
    this.#show(place, () => turn === this.#turn).catch((error: unknown) => {
      if (turn === this.#turn) this.#main.textContent = `This page could not be read: ${String(error)}`;
    });
  }

  async #show(place: PlaceInFile, isWanted: () => boolean): Promise<void> {
    if (!this.#blocks.has(place.page)) throw new Error('it is not in this file');
    if (!place.page.endsWith('.html') || place.page.startsWith('data/')) {
      const view = await artifactView(place.page, this.#blocks);
      if (isWanted()) this.#main.replaceChildren(view);
      return;
    }
    const text = new TextDecoder().decode(await this.#blocks.bytes(place.page));
    if (!isWanted()) return;
    // Parsed as the browser parses the page itself; nothing of it runs or is loaded before it stands here.
    const page = new DOMParser().parseFromString(text, 'text/html');
    prepareLinks(page, place.page, this.#blocks);
    document.title = page.title;
    for (const [name, value] of Object.entries(page.body.dataset)) document.body.dataset[name] = value;
    this.#markCurrent(page);
    this.#main.replaceChildren(...find(page, 'main').childNodes);
    refreshTimes();
    showPageAge();
    this.#main.focus({ preventScroll: true });
    this.#goToAnchor(place.anchor, topOf(history.state));
  }

  /** The entry of the navigation that the page has as its own. */
  #markCurrent(page: Document): void {
    const current = page.querySelector('.page-nav [aria-current]')?.textContent;
    for (const link of document.querySelectorAll('.page-nav a')) {
      if (link.textContent === current) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }

  #clicked(event: MouseEvent): void {
    const link = (event.target as Element).closest('a[href^="#"]');
    if (link === null || event.defaultPrevented || event.button !== 0) return;
    const href = link.getAttribute('href')!;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (placeIn(href) !== undefined) {
      history.replaceState({ top: scrollY }, '');
      return;
    }
    event.preventDefault();
    const place = placeIn(location.hash);
    if (place !== undefined) history.replaceState(history.state, '', fragmentOf({ ...place, anchor: href }));
    this.#goToAnchor(href);
  }

  /** Scrolls to an element by its id, or else to where the page was left. */
  #goToAnchor(anchor: string, top = 0): void {
    const element = anchor === '' ? null : document.getElementById(decodedId(anchor.slice(1)));
    if (element === null) {
      scrollTo(0, top);
      if (top > 0) requestAnimationFrame(() => scrollTo(0, top));
      return;
    }
    element.scrollIntoView();
    element.focus({ preventScroll: true });
  }
}

function topOf(state: unknown): number {
  return typeof state === 'object' && state !== null && 'top' in state ? Number(state.top) || 0 : 0;
}

function decodedId(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
