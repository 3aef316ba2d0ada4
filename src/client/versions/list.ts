import type { Rail } from '../../charts/version-rail.ts';
import { maxVersionRows, railOf } from '../../data/versions/list.ts';
import type { VersionView } from '../../data/versions/types.ts';
import { versionTable } from '../../parts/versions/list.tsx';
import { addressParameters, showInAddress } from '../actions/view-state.ts';
import { chip } from '../chips.ts';
import { dataFiles } from '../data-files.ts';
import { find, make } from '../dom.ts';
import { Kept } from '../kept.ts';
import { print } from '../print.ts';
import { VersionStore } from './store.ts';
import { countText, type VersionWish, versionRows, wishOf, wishQuery } from './wish.ts';

/** `<daybook-versions>`: the list of versions by tag and by text, page by page; the address holds the choice. */
export class DaybookVersions extends HTMLElement {
  readonly #lists = new Kept(readList);
  #wish: VersionWish = { tag: '', text: '', page: 0 };
  #started = false;

  connectedCallback(): void {
    if (this.#started || this.dataset['total'] === '0') return;
    this.#started = true;
    this.#wish = wishOf(addressParameters(location.search, location.hash));
    const field = find<HTMLInputElement>(this, '[data-filter]');
    field.value = this.#wish.text;
    field.addEventListener('input', () => this.#choose({ text: field.value, page: 0 }));
    this.addEventListener('click', (event) => this.#clicked(event));
    const total = Number(this.dataset['total']);
    if (wishQuery(this.#wish) === '') this.#sayCount(countText(total, total, 0), total > maxVersionRows);
    else this.#showOrSay();
    this.dataset['ready'] = '';
  }

  #clicked(event: MouseEvent): void {
    const target = event.target as Element;
    const field = find(this, '[data-filter]');
    const tag = target.closest<HTMLElement>('[data-tag]')?.dataset['tag'];
    if (tag !== undefined && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      this.#choose({ tag, page: 0 });
      field.scrollIntoView({ block: 'nearest' });
    }
    const step = target.closest<HTMLElement>('[data-turn]')?.dataset['turn'];
    if (step === undefined) return;
    this.#choose({ page: Math.max(0, this.#wish.page + Number(step)) });
    find(this, '[data-rows]').focus({ preventScroll: true });
    field.scrollIntoView({ block: 'nearest' });
  }

  #choose(change: Partial<VersionWish>): void {
    this.#wish = { ...this.#wish, ...change };
    showInAddress(wishQuery(this.#wish));
    this.#showOrSay();
  }

  #showOrSay(): void {
    this.#show().catch((error: unknown) => {
      find(this, '[data-count]').textContent = `The versions could not be read: ${String(error)}`;
    });
  }

  async #show(): Promise<void> {
    const wish = this.#wish;
    const { views, rail } = await this.#lists.get(this.dataset['base'] ?? 'data/versions/');
    // Another was made in the meantime, and is shown itself.
    if (wish !== this.#wish) return;
    const { rows, lanes, page, lastPage, said } = versionRows(views, rail, wish);
    this.#wish = { ...wish, page };
    find(this, '[data-rows]').replaceChildren(
      rows.length === 0
        ? make('p', { class: 'version-none' }, 'No version matches.')
        : print(versionTable(rows, { lanes, caption: 'Versions, newest first' })),
    );
    for (const button of this.querySelectorAll<HTMLButtonElement>('[data-turn]'))
      button.disabled = page === (button.dataset['turn'] === '-1' ? 0 : lastPage);
    this.querySelector('[data-more]')?.remove();
    this.#showChip(wish.tag);
    this.#sayCount(said, lastPage > 0);
  }

  #showChip(tag: string): void {
    const remove = () => {
      this.#choose({ tag: '', page: 0 });
      find(this, '[data-filter]').focus();
    };
    const chips = tag === '' ? [] : [make('li', {}, chip(`tag ${tag}`, remove))];
    find(this, '[data-chips]').replaceChildren(...chips);
  }

  #sayCount(said: string, hasPages: boolean): void {
    find(this, '[data-count]').textContent = said;
    find(this, '.version-pages').hidden = !hasPages;
  }
}

async function readList(base: string): Promise<{ views: readonly VersionView[]; rail: Rail }> {
  const { views } = await VersionStore.open(dataFiles(base, 'versions/'));
  return { views, rail: railOf(views) };
}
