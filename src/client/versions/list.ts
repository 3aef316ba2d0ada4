import { formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { Rail, RailRow } from '../../charts/version-rail.ts';
import { maxVersionRows, railOf } from '../../data/versions/list.ts';
import type { VersionView } from '../../data/versions/types.ts';
import { versionTable } from '../../parts/versions/list.tsx';
import { addressParameters, showInAddress } from '../actions/view-state.ts';
import { dataFiles } from '../data-files.ts';
import { find, make } from '../dom.ts';
import { print } from '../print.ts';
import { VersionStore } from './store.ts';

/** `<daybook-versions>`: the list of versions by tag and by text, page by page; the address holds the choice. */
export class DaybookVersions extends HTMLElement {
  #reading: Promise<{ views: VersionView[]; rail: Rail }> | undefined;
  #tag = '';
  #text = '';
  #page = 0;
  #started = false;
  /** The latest wish; what comes back for an older one is thrown away. */
  #wish = 0;

  connectedCallback(): void {
    if (this.#started || this.dataset['total'] === '0') return;
    this.#started = true;
    const wanted = addressParameters(location.search, location.hash);
    this.#tag = wanted.get('tag') ?? '';
    this.#text = wanted.get('q') ?? '';
    this.#page = Math.max(0, Math.floor(Number(wanted.get('page') ?? 1)) - 1) || 0;
    const field = find<HTMLInputElement>(this, '[data-filter]');
    field.value = this.#text;
    field.addEventListener('input', () => this.#choose({ text: field.value }));
    this.addEventListener('click', (event) => this.#clicked(event));
    const isPlain = this.#tag === '' && this.#text === '' && this.#page === 0;
    if (isPlain) this.#sayCount(Number(this.dataset['total']), Number(this.dataset['total']));
    else this.#showOrSay();
    this.dataset['ready'] = '';
  }

  #clicked(event: MouseEvent): void {
    const target = event.target as Element;
    const tag = target.closest<HTMLElement>('[data-tag]')?.dataset['tag'];
    if (tag !== undefined && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      this.#choose({ tag });
      find(this, '[data-filter]').scrollIntoView({ block: 'nearest' });
    }
    if (target.closest('[data-clear]') !== null) {
      this.#choose({ tag: '' });
      find(this, '[data-filter]').focus();
    }
    const step = target.closest<HTMLElement>('[data-turn]')?.dataset['turn'];
    if (step !== undefined) {
      this.#page = Math.max(0, this.#page + Number(step));
      this.#remember();
      this.#showOrSay();
      find(this, '[data-rows]').focus({ preventScroll: true });
      find(this, '[data-filter]').scrollIntoView({ block: 'nearest' });
    }
  }

  #choose(wish: { tag?: string; text?: string }): void {
    this.#tag = wish.tag ?? this.#tag;
    this.#text = wish.text ?? this.#text;
    this.#page = 0;
    this.#remember();
    this.#showOrSay();
  }

  #remember(): void {
    const parameters = new URLSearchParams();
    if (this.#tag !== '') parameters.set('tag', this.#tag);
    if (this.#text !== '') parameters.set('q', this.#text);
    if (this.#page > 0) parameters.set('page', String(this.#page + 1));
    showInAddress(parameters.toString());
  }

  #showOrSay(): void {
    this.#show().catch((error: unknown) => {
      find(this, '[data-count]').textContent = `The versions could not be read: ${String(error)}`;
    });
  }

  async #show(): Promise<void> {
    this.#wish += 1;
    const wish = this.#wish;
    const files = dataFiles(this.dataset['base'] ?? 'data/versions/', 'versions/');
    this.#reading ??= VersionStore.open(files).then(({ views }) => ({ views, rail: railOf(views) }));
    this.#reading.catch(() => {
      this.#reading = undefined;
    });
    const { views, rail } = await this.#reading;
    if (wish !== this.#wish) return;
    const matches = views.flatMap((view, at) => (this.#matches(view) ? [at] : []));
    const last = Math.max(0, Math.ceil(matches.length / maxVersionRows) - 1);
    this.#page = Math.min(this.#page, last);
    const from = this.#page * maxVersionRows;
    const isWhole = matches.length === views.length;
    const rows = matches.slice(from, from + maxVersionRows).map((at) => ({
      view: views[at]!,
      rail: isWhole ? rail.rows[at]! : alone(rail.rows[at]!),
    }));
    const caption = 'Versions, newest first';
    find(this, '[data-rows]').replaceChildren(
      rows.length === 0
        ? make('p', { class: 'version-none' }, 'No version matches.')
        : print(versionTable(rows, { lanes: isWhole ? rail.lanes : 1, caption })),
    );
    for (const button of this.querySelectorAll<HTMLButtonElement>('[data-turn]'))
      button.disabled = button.dataset['turn'] === '-1' ? this.#page === 0 : this.#page === last;
    this.querySelector('[data-more]')?.remove();
    this.#showChip();
    this.#sayCount(matches.length, views.length);
  }

  #matches(view: VersionView): boolean {
    if (this.#tag !== '' && !view.tags.includes(this.#tag)) return false;
    const text = this.#text.trim().toLowerCase();
    if (text === '') return true;
    return [view.version, view.description, ...view.tags].some((one) => one.toLowerCase().includes(text));
  }

  #showChip(): void {
    const chip =
      this.#tag === ''
        ? []
        : [
            make(
              'li',
              {},
              make(
                'button',
                { type: 'button', class: 'chip', 'data-clear': true, title: 'Remove this filter' },
                make('span', {}, `tag ${this.#tag}`),
                make('span', { 'aria-hidden': 'true' }, '×'),
              ),
            ),
          ];
    find(this, '[data-chips]').replaceChildren(...chip);
  }

  #sayCount(matching: number, total: number): void {
    const pages = Math.ceil(matching / maxVersionRows);
    const page = pages > 1 ? `, page ${this.#page + 1} of ${pages}` : '';
    const count =
      matching === total ? plural(total, 'version') : `${formatCount(matching)} of ${formatCount(total)}`;
    find(this, '[data-count]').textContent = `${count}${page}`;
    find(this, '.version-pages').hidden = pages <= 1;
  }
}

/** A row whose neighbours are not beside it: its mark alone. */
function alone({ kind }: RailRow): RailRow {
  return { lane: 0, kind, lines: [], isLost: false };
}
