import { plural } from '../../../collector/base/format/words.ts';
import { drawLineage, type LineageDrawing } from '../../charts/lineage.ts';
import {
  type LineageGroup,
  type LineageItem,
  type LineageNeighbours,
  lineageNeighbours,
  relatives,
} from '../../charts/lineage-groups.ts';
import type { LineageView } from '../../data/lineage/view.ts';
import type { GraphMarks } from './marks.ts';

/** What is said of the chosen item: how many it was made from and used by, at once and in all. */
export interface ChosenItem {
  item: LineageItem;
  madeFrom: [direct: number, all: number];
  usedBy: [direct: number, all: number];
}

/** More open groups than this make an address too long to be passed on. */
const maxInAddress = 60;

/** What is chosen, open and searched in a graph of lineage. */
export class LineageState {
  text: string;
  readonly #lineage: LineageView;
  readonly #items: Map<string, LineageItem>;
  readonly #groupOf: Map<string, LineageGroup>;
  readonly #neighbours: LineageNeighbours;
  readonly #opened: Set<string>;
  #chosen: string | undefined;
  /** Said as long as nothing is searched. */
  #remark = '';

  /** Begins with what the parameters of an address ask for. */
  constructor(lineage: LineageView, wanted: URLSearchParams) {
    const { groups } = lineage.grouped;
    this.#lineage = lineage;
    this.#items = new Map(lineage.items.map((item) => [item.id, item]));
    this.#groupOf = new Map(groups.flatMap((group) => group.items.map(({ id }) => [id, group])));
    this.#neighbours = lineageNeighbours(lineage.links);
    const open = new Set((wanted.get('open') ?? '').split(','));
    this.#opened = new Set(groups.map(({ id }) => id).filter((id) => open.has(id)));
    this.text = wanted.get('q') ?? '';
    const run = wanted.get('run');
    if (run === null) return;
    const group = this.#groupOf.get(run);
    if (group === undefined) {
      this.#remark = `${run} stands alone: nothing says what it was made from or used for.`;
      return;
    }
    this.#chosen = run;
    this.#opened.add(group.id);
  }

  get chosen(): string | undefined {
    return this.#chosen;
  }

  drawing(): LineageDrawing {
    return drawLineage(this.#lineage.grouped, this.#opened);
  }

  isOpen(group: string): boolean {
    return this.#opened.has(group);
  }

  isAnyOpen(): boolean {
    return this.#opened.size > 0;
  }

  toggle(group: string): void {
    if (!this.#opened.delete(group)) this.#opened.add(group);
  }

  openAll(): void {
    for (const { id, items } of this.#lineage.grouped.groups) if (items.length > 1) this.#opened.add(id);
  }

  closeAll(): void {
    this.#opened.clear();
  }

  /** Chooses an item, or nothing; says whether the drawing is another now, because the item was in a stack. */
  choose(id: string | undefined): boolean {
    this.#remark = '';
    this.#chosen = id;
    const group = this.groupOf(id);
    if (group === undefined || this.#opened.has(group.id) || group.items.length < 2) return false;
    this.#opened.add(group.id);
    return true;
  }

  /** The group in which an item is drawn. */
  groupOf(id: string | undefined): LineageGroup | undefined {
    return id === undefined ? undefined : this.#groupOf.get(id);
  }

  /** Drawn items that have every searched word in their name or group. */
  matches(): LineageItem[] {
    const words = this.text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const shown = this.#lineage.grouped.groups.flatMap(({ items }) => items);
    return shown.filter(({ id, label, group }) => {
      const text = `${group}/${label} ${id}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }

  /** The match behind the chosen one, the first behind the last. */
  nextMatch(): string | undefined {
    const ids = this.matches().map(({ id }) => id);
    return ids[(ids.indexOf(this.#chosen ?? '') + 1) % ids.length];
  }

  marks(): GraphMarks {
    const none = { ancestors: new Set<string>(), descendants: new Set<string>() };
    return {
      chosen: this.#chosen,
      ...(this.#chosen === undefined ? none : relatives(this.#neighbours, this.#chosen)),
      matches: new Set(this.matches().map(({ id }) => id)),
    };
  }

  /** What is said of the chosen item, by the marks there are. */
  chosenItem({ ancestors, descendants }: GraphMarks): ChosenItem | undefined {
    const item = this.#items.get(this.#chosen ?? '');
    if (item === undefined) return undefined;
    const count = (ids: string[] | undefined) => ids?.length ?? 0;
    return {
      item,
      madeFrom: [count(this.#neighbours.up.get(item.id)), ancestors.size],
      usedBy: [count(this.#neighbours.down.get(item.id)), descendants.size],
    };
  }

  /** What is said beside the search. */
  said({ matches }: GraphMarks): string {
    return this.text.trim() === '' ? this.#remark : plural(matches.size, 'match', 'matches');
  }

  /** The query of an address that leads here again. */
  query(): string {
    const parameters = new URLSearchParams();
    if (this.#chosen !== undefined) parameters.set('run', this.#chosen);
    const open = [...this.#opened].filter((id) => id !== this.groupOf(this.#chosen)?.id);
    if (open.length > 0 && open.length <= maxInAddress) parameters.set('open', open.join(','));
    if (this.text !== '') parameters.set('q', this.text);
    return parameters.toString().replaceAll('%2C', ',').replaceAll('%2F', '/');
  }
}
