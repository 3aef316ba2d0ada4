import { formatSpan } from '../../../collector/base/format/duration.ts';
import { plainText } from '../../../collector/base/format/plain.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { Difference } from '../../data/book/types.ts';
import { differences, isObject, type JsonValue } from '../../data/browser.ts';
import { differenceText, isOwnIdentity } from '../../data/snapshots/changes.ts';
import { noHabits, rankChanges } from '../../data/snapshots/ranking.ts';
import { unchangedView } from '../../data/snapshots/unchanged.ts';
import { type Part, part } from '../../parts/part.ts';
import { differencesPart, unchangedPart } from '../../parts/values/differences.tsx';
import { addressParameters, showInAddress } from '../actions/view-state.ts';
import { dataFiles } from '../data-files.ts';
import { find, make } from '../dom.ts';
import { jsonView } from '../json-view.ts';
import { print } from '../print.ts';
import { type Comparable, type Comparables, openComparables } from './comparables.ts';

const sides = ['a', 'b'] as const;
type Side = (typeof sides)[number];

/** `<daybook-compare>`: any two states and what differs between them; the address holds the choice. */
export class DaybookCompare extends HTMLElement {
  #states!: Comparables;
  #chosen = {} as Record<Side, Comparable>;
  #started = false;
  /** The latest wish; what comes back for an older one is thrown away. */
  #wish = 0;

  connectedCallback(): void {
    if (this.#started) return;
    this.#started = true;
    this.#start().catch((error: unknown) => this.#say(`The data files could not be read: ${String(error)}`));
  }

  async #start(): Promise<void> {
    const { versions, snapshots } = this.dataset;
    this.#states = await openComparables({
      versions: versions === undefined ? undefined : dataFiles(versions, 'versions/'),
      snapshots: snapshots === undefined ? undefined : dataFiles(snapshots, 'snapshots/'),
    });
    const wanted = addressParameters(location.search, location.hash);
    const named = sides.map((side) => this.#states.find(wanted.get(side) ?? ''));
    const list = this.#others((named[1] ?? named[0])?.kind);
    const b = named[1] ?? list.at(-1);
    if (b === undefined) return;
    const a = named[0] ?? list[Math.max(0, list.length - 2)]!;
    for (const side of sides) this.#prepare(side, side === 'a' ? a : b);
    find(this, '[data-swap]').addEventListener('click', () => {
      const { a, b } = this.#chosen;
      this.#set('a', b);
      this.#set('b', a);
      this.#showOrSay();
    });
    this.classList.add('compare-live');
    const unknown = sides.flatMap((side, at) =>
      wanted.has(side) && named[at] === undefined ? [wanted.get(side)!] : [],
    );
    await this.#show(false, unknown);
    this.dataset['ready'] = '';
  }

  /** The states of one kind, oldest first; snapshots where no kind is named and there are some. */
  #others(kind: Comparable['kind'] | undefined): Comparable[] {
    const { snapshots, versions } = this.#states;
    return kind === 'version' || (kind === undefined && snapshots.length === 0) ? versions : snapshots;
  }

  #prepare(side: Side, one: Comparable): void {
    const select = this.#select(side);
    select.disabled = false;
    this.#set(side, one);
    select.addEventListener('change', () => {
      const [kind, place] = select.value.split(' ');
      this.#set(side, this.#others(kind as Comparable['kind'])[Number(place)]!);
      this.#showOrSay();
    });
    for (const button of this.#steps(side)) {
      button.addEventListener('click', () => {
        const { kind, place } = this.#chosen[side];
        const next = this.#others(kind)[place + Number(button.dataset['step'])];
        if (next === undefined) return;
        this.#set(side, next);
        this.#showOrSay();
      });
    }
  }

  #select(side: Side): HTMLSelectElement {
    return find<HTMLSelectElement>(this, `select[data-side=${side}]`);
  }

  #steps(side: Side): NodeListOf<HTMLButtonElement> {
    return this.querySelectorAll<HTMLButtonElement>(`[data-step][data-side=${side}]`);
  }

  #set(side: Side, one: Comparable): void {
    this.#chosen[side] = one;
    const select = this.#select(side);
    const { versions, snapshots } = this.#states;
    const groups = [
      { label: 'Versions', list: versions },
      { label: 'Periodic snapshots', list: snapshots },
    ].filter(({ list }) => list.length > 0);
    select.replaceChildren(
      ...groups.map(({ label, list }) => {
        const near = list.includes(one) ? one.place : list.length - 1;
        const options = offered(list.length, near).map((place) =>
          make('option', { value: optionValue(list[place]!) }, list[place]!.label),
        );
        return make('optgroup', { label }, ...options);
      }),
    );
    select.value = optionValue(one);
  }

  #showOrSay(): void {
    this.#show().catch((error: unknown) => this.#say(`They could not be compared: ${String(error)}`));
  }

  async #show(remember = true, unknown: string[] = []): Promise<void> {
    this.#wish += 1;
    const wish = this.#wish;
    const { a, b } = this.#chosen;
    if (remember) {
      const [left, right] = [a, b].map((one) => encodeURIComponent(this.#states.addressOf(one)));
      showInAddress(`a=${left}&b=${right}`);
    }
    for (const side of sides) {
      const { kind, place } = this.#chosen[side];
      for (const button of this.#steps(side))
        button.disabled = this.#others(kind)[place + Number(button.dataset['step'])] === undefined;
    }
    const contents = await Promise.allSettled([a.content(), b.content()]);
    if (wish !== this.#wish) return;
    const missing = unknown.map((name) => `There is no state called ${plainText(name)} here. `).join('');
    const failed = contents.find((one) => one.status === 'rejected');
    if (failed !== undefined) {
      const reason: unknown = failed.reason;
      this.#say(missing + (reason instanceof Error ? reason.message : String(reason)));
      find(this, '[data-differences]').replaceChildren();
    } else {
      const [before, after] = contents.map((one) => (one as PromiseFulfilledResult<JsonValue>).value);
      this.#say(missing + this.#showDifferences(before!, after!));
    }
    find(this, '[data-states]').replaceChildren(
      ...[a, b].flatMap(({ name }, at) => {
        const content = contents[at];
        return content?.status === 'fulfilled' ? [stateOf(name, content.value)] : [];
      }),
    );
  }

  /** Prints what differs and says how much it is. */
  #showDifferences(before: JsonValue, after: JsonValue): string {
    const { a, b } = this.#chosen;
    const areSnapshots = a.kind === 'snapshot' && b.kind === 'snapshot';
    const { telling, readings } = rankChanges(
      differences(before, after).filter(({ path }) => !(areSnapshots && isOwnIdentity(path))),
      noHabits,
    );
    const changes = [...telling, ...readings];
    const unchanged = isObject(before) && isObject(after) ? unchangedPart(unchangedView(before, after)) : [];
    find(this, '[data-differences]').replaceChildren(
      changes.length === 0
        ? make(
            'p',
            { class: 'panel-text' },
            areSnapshots ? 'Every field has the same value.' : 'Their content is the same.',
          )
        : print([...changeList(changes), ...unchanged]),
    );
    if (a === b) return `The same ${a.kind} twice.`;
    return `${plural(changes.length, 'difference')}${laterText(a, b)}.`;
  }

  #say(text: string): void {
    find(this, '[data-said]').textContent = text;
  }
}

function laterText(a: Comparable, b: Comparable): string {
  if (a.atUs === undefined || b.atUs === undefined) return '';
  return `, ${formatSpan((b.atUs - a.atUs) / 1000)} ${b.atUs >= a.atUs ? 'later' : 'earlier'}`;
}

function optionValue({ kind, place }: Comparable): string {
  return `${kind} ${place}`;
}

/**
 * The states a list offers, newest first: all of a few; of many those around the chosen one and others evenly spread,
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
  const rows = changes.slice(0, maxShown).map(differenceText);
  const more =
    changes.length > maxShown ? [part('p', { class: 'pale' }, `and ${changes.length - maxShown} more`)] : [];
  return [...differencesPart(rows), ...more];
}

const maxShown = 1000;

function stateOf(name: string, content: JsonValue): HTMLElement {
  const fold = make('details', {}, make('summary', {}, `The whole of ${name}`));
  fold.addEventListener('toggle', () => {
    if (fold.childElementCount === 1) fold.append(jsonView(content));
  });
  return fold;
}
