import { formatSpan, formatTime, plural } from '../charts/format.ts';
import { differences } from '../data/browser.ts';
import type { Difference } from '../data/site-book.ts';
import { differenceText, isOwnIdentity } from '../data/views-changes.ts';
import { noHabits, rankChanges } from '../data/views-ranking.ts';
import { unchangedView } from '../data/views-unchanged.ts';
import { differencesPart, unchangedPart } from '../parts/differences.ts';
import { type Part, part } from '../parts/part.ts';
import { find, make } from './dom.ts';
import { jsonView } from './json-view.ts';
import { print } from './print.ts';
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
        : print([...changeList(changes), ...unchangedPart(unchangedView(before, after))]),
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
function changeList(changes: readonly Difference[]): Part[] {
  const rows = changes.slice(0, mostShown).map(differenceText);
  const more =
    changes.length > mostShown
      ? [part('p', { class: 'pale' }, `and ${changes.length - mostShown} more`)]
      : [];
  return [...differencesPart(rows), ...more];
}

const mostShown = 1000;

function stateOf(id: string, content: Parameters<typeof jsonView>[0]): HTMLElement {
  const fold = make('details', {}, make('summary', {}, `The whole of ${id}`));
  fold.addEventListener('toggle', () => {
    if (fold.childElementCount === 1) fold.append(jsonView(content));
  });
  return fold;
}
