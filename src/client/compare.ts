import { formatCount, formatSpan, formatTime, plural } from '../charts/format.ts';
import { differences } from '../data/browser.ts';
import type { Difference } from '../data/site-book.ts';
import { differenceText, isOwnIdentity } from '../data/views-changes.ts';
import { noHabits, rankChanges } from '../data/views-ranking.ts';
import { type UnchangedView, unchangedView } from '../data/views-unchanged.ts';
import type { WordPart } from '../data/views-words.ts';
import { find, make, plainText } from './dom.ts';
import { jsonView } from './json-view.ts';
import { openSnapshotStore, type SnapshotStore } from './snapshot-store.ts';
import { addressParameters, showInAddress } from './view-state.ts';

/** `<daybook-compare>`: any two snapshots and what differs between them; the address holds the choice. */
export class DaybookCompare extends HTMLElement {
  #store!: SnapshotStore;
  #started = false;

  connectedCallback(): void {
    if (this.#started) return;
    this.#started = true;
    this.#start().catch((error: unknown) => this.#say(`The data files could not be read: ${String(error)}`));
  }

  async #start(): Promise<void> {
    if (this.dataset['total'] === '0') return;
    this.#store = await openSnapshotStore(this.dataset['base'] ?? 'data/snapshots/');
    const { ids } = this.#store.index;
    const wanted = addressParameters(location.search, location.hash);
    for (const [side, fallback] of [
      ['a', ids.length - 2],
      ['b', ids.length - 1],
    ] as const) {
      const number = ids.indexOf(wanted.get(side) ?? '');
      this.#prepareSide(side, number === -1 ? Math.max(0, fallback) : number);
    }
    find(this, '[data-swap]').addEventListener('click', () => {
      const [a, b] = [this.#chosen('a'), this.#chosen('b')];
      this.#set('a', b);
      this.#set('b', a);
      this.#showOrSay();
    });
    this.classList.add('compare-live');
    await this.#show(false);
  }

  #prepareSide(side: 'a' | 'b', number: number): void {
    const select = this.#select(side);
    select.disabled = false;
    this.#set(side, number);
    select.addEventListener('change', () => {
      this.#set(side, this.#chosen(side));
      this.#showOrSay();
    });
    for (const button of this.querySelectorAll<HTMLButtonElement>(`[data-step][data-side=${side}]`)) {
      button.addEventListener('click', () => {
        this.#set(side, this.#chosen(side) + Number(button.dataset['step']));
        this.#showOrSay();
      });
    }
  }

  #select(side: 'a' | 'b'): HTMLSelectElement {
    return find<HTMLSelectElement>(this, `select[data-side=${side}]`);
  }

  #chosen(side: 'a' | 'b'): number {
    return this.#store.index.ids.indexOf(this.#select(side).value);
  }

  #set(side: 'a' | 'b', number: number): void {
    const { ids, atUs, health } = this.#store.index;
    const chosen = Math.max(0, Math.min(number, ids.length - 1));
    const select = this.#select(side);
    const options = offered(ids.length, chosen).map((at) => {
      const remark = health[at] === 'operational' ? '' : `, ${health[at]}`;
      return make('option', { value: ids[at] }, `${formatTime(atUs[at]!)}${remark}`);
    });
    select.replaceChildren(...options);
    select.value = ids[chosen] ?? '';
  }

  #showOrSay(): void {
    this.#show().catch((error: unknown) => this.#say(`The snapshots could not be read: ${String(error)}`));
  }

  async #show(remember = true): Promise<void> {
    const [a, b] = [this.#chosen('a'), this.#chosen('b')];
    const { ids, atUs } = this.#store.index;
    if (remember) showInAddress(`a=${encodeURIComponent(ids[a]!)}&b=${encodeURIComponent(ids[b]!)}`);
    for (const [side, number] of [
      ['a', a],
      ['b', b],
    ] as const) {
      for (const button of this.querySelectorAll<HTMLButtonElement>(`[data-step][data-side=${side}]`)) {
        const to = number + Number(button.dataset['step']);
        button.disabled = to < 0 || to >= ids.length;
      }
    }
    const [before, after] = await Promise.all([this.#store.content(a), this.#store.content(b)]);
    if (a !== this.#chosen('a') || b !== this.#chosen('b')) return;
    const { telling, readings } = rankChanges(
      differences(before, after).filter(({ path }) => !isOwnIdentity(path)),
      noHabits,
    );
    const changes = [...telling, ...readings];
    const span = formatSpan((atUs[b]! - atUs[a]!) / 1000);
    const order = atUs[b]! >= atUs[a]! ? 'later' : 'earlier';
    this.#say(
      a === b ? 'The same snapshot twice.' : `${plural(changes.length, 'difference')}, ${span} ${order}.`,
    );
    find(this, '[data-differences]').replaceChildren(
      changes.length === 0
        ? make('p', { class: 'panel-text' }, 'Every field has the same value.')
        : changeList(changes),
      ...(changes.length === 0 ? [] : [sameList(unchangedView(before, after))]),
    );
    find(this, '[data-states]').replaceChildren(stateOf(ids[a]!, before), stateOf(ids[b]!, after));
  }

  #say(text: string): void {
    find(this, '[data-said]').textContent = text;
  }
}

/**
 * The snapshots a list offers, newest first: all of a few; of many those around the chosen one and others evenly spread,
 * so that any can be reached in two steps and the list stays short.
 */
function offered(count: number, chosen: number): number[] {
  const [all, around, spread] = [300, 80, 120];
  if (count <= all) return Array.from({ length: count }, (_, at) => count - 1 - at);
  const numbers = new Set<number>();
  for (let at = Math.max(0, chosen - around); at <= Math.min(count - 1, chosen + around); at++)
    numbers.add(at);
  for (let at = 0; at <= spread; at++) numbers.add(Math.round(((count - 1) * at) / spread));
  return [...numbers].sort((a, b) => b - a);
}

/** Differences as sentences, as the pages print them. */
export function changeList(changes: Difference[]): HTMLElement {
  const list = make('ul', { class: 'changes' });
  for (const change of changes.slice(0, 1000)) {
    const row = differenceText(change);
    const sign = make('span', { class: 'change-arrow' }, ` ${row.sign} `);
    const before = row.before !== undefined && make('del', { title: row.beforeWhole }, plainText(row.before));
    list.append(
      make(
        'li',
        { class: `change change-${row.kind}` },
        make('span', { class: 'change-path', title: row.path }, plainText(row.path)),
        make(
          'span',
          { class: 'change-values' },
          ...(row.words !== undefined
            ? [wordList(row.words, row.afterWhole)]
            : row.kind === 'removed'
              ? [sign, before]
              : [before, sign]),
          row.words === undefined &&
            row.after !== undefined &&
            make('ins', { title: row.afterWhole }, plainText(row.after)),
        ),
        make('span', { class: 'change-amount' }, row.amount),
      ),
    );
  }
  if (changes.length > 1000) list.append(make('li', { class: 'pale' }, `and ${changes.length - 1000} more`));
  return list;
}

/** A changed text in one piece: what went struck, what came behind it. */
function wordList(words: WordPart[], whole: string | undefined): HTMLElement {
  const parts = words.map(({ kind, text }) => {
    const shown = plainText(text);
    return kind === 'same' ? shown : make(kind === 'removed' ? 'del' : 'ins', {}, shown);
  });
  return make('span', { class: 'change-words', title: whole }, ...parts);
}

/** What both states have in common: one line, and by section where it is unfolded. */
function sameList({ count, sections }: UnchangedView): HTMLElement {
  const rows = sections.map((section) =>
    make('li', {}, plainText(section.name), ' ', make('span', {}, formatCount(section.count))),
  );
  return make(
    'details',
    { class: 'more change-same' },
    make('summary', {}, `${plural(count, 'value')} the same`),
    make('ul', {}, ...rows),
  );
}

function stateOf(id: string, content: Parameters<typeof jsonView>[0]): HTMLElement {
  const fold = make('details', {}, make('summary', {}, `The whole of ${id}`));
  fold.addEventListener('toggle', () => {
    if (fold.childElementCount === 1) fold.append(jsonView(content));
  });
  return fold;
}
