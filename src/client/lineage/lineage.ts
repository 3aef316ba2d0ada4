import { formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import { drawLineage, type LineageDrawing } from '../../charts/lineage.ts';
import {
  type LineageItem,
  type LineageNeighbours,
  lineageNeighbours,
  relatives,
} from '../../charts/lineage-groups.ts';
import { type LineageView, lineageView } from '../../data/lineage/view.ts';
import type { LineageGraph } from '../../data/runs/types.ts';
import { pathPart, statusPart } from '../../parts/basics.tsx';
import { lineagePart } from '../../parts/lineage/drawing.tsx';
import { part } from '../../parts/part.ts';
import { addressParameters, showInAddress } from '../actions/view-state.ts';
import { dataFiles } from '../data-files.ts';
import { find, make } from '../dom.ts';
import { print } from '../print.ts';
import { RunDetailsStore } from '../runs/details-store.ts';
import { markGraph } from './marks.ts';
import { type GraphView, graphView } from './view.ts';

/** `<daybook-lineage>`: the graph to move in, to search, to open and gather; the address holds what is chosen and open. */
export class DaybookLineage extends HTMLElement {
  #store!: RunDetailsStore;
  #lineage!: LineageView;
  #neighbours!: LineageNeighbours;
  #drawing!: LineageDrawing;
  #view!: GraphView;
  #items = new Map<string, LineageItem>();
  /** Group of each item. */
  #groupOf = new Map<string, string>();
  #opened = new Set<string>();
  #chosen: string | undefined;
  #text = '';
  /** Said as long as nothing is searched. */
  #remark = '';
  #started = false;

  connectedCallback(): void {
    if (this.#started) return;
    this.#started = true;
    this.#start().catch((error: unknown) => this.#say(`The graph could not be read: ${String(error)}`));
  }

  async #start(): Promise<void> {
    const files = dataFiles(this.dataset['base'] ?? 'data/runs/', 'runs/');
    const [graph, store] = await Promise.all([
      files.json('lineage') as Promise<LineageGraph>,
      RunDetailsStore.open(files),
    ]);
    this.#store = store;
    this.#lineage = lineageView(graph);
    this.#neighbours = lineageNeighbours(this.#lineage.links);
    this.#items = new Map(this.#lineage.items.map((item) => [item.id, item]));
    for (const group of this.#lineage.grouped.groups)
      for (const item of group.items) this.#groupOf.set(item.id, group.id);
    this.#readAddress();
    this.classList.add('lineage-live');
    const frame = find(this, '[data-view]');
    this.#view = graphView(frame);
    frame.addEventListener('click', (event) => this.#clicked(event));
    this.#prepareTools();
    this.#draw(false);
    if (this.#chosen !== undefined) this.#reveal(this.#chosen);
    this.dataset['ready'] = '';
  }

  #readAddress(): void {
    const wanted = addressParameters(location.search, location.hash);
    const groups = new Set(this.#lineage.grouped.groups.map(({ id }) => id));
    this.#opened = new Set((wanted.get('open') ?? '').split(',').filter((id) => groups.has(id)));
    this.#text = wanted.get('q') ?? '';
    const run = wanted.get('run') ?? undefined;
    if (run === undefined) return;
    if (!this.#items.has(run) || !this.#groupOf.has(run)) {
      this.#remark = `${run} stands alone: nothing says what it was made from or used for.`;
      return;
    }
    this.#chosen = run;
    this.#opened.add(this.#groupOf.get(run)!);
  }

  #prepareTools(): void {
    for (const tool of this.querySelectorAll<HTMLInputElement | HTMLButtonElement>(
      '[data-tools] :is(input, button)',
    ))
      tool.disabled = false;
    const search = find<HTMLInputElement>(this, '[data-search]');
    search.value = this.#text;
    search.addEventListener('input', () => {
      this.#text = search.value;
      this.#mark();
      this.#remember();
    });
    search.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.#chooseNextMatch();
      if (event.key === 'Escape') {
        search.value = '';
        this.#text = '';
        this.#mark();
        this.#remember();
      }
    });
    find(this, '[data-open-all]').addEventListener('click', () => {
      this.#opened = new Set(
        this.#lineage.grouped.groups.filter(({ items }) => items.length > 1).map(({ id }) => id),
      );
      this.#draw(false);
      this.#remember();
    });
    find(this, '[data-close-all]').addEventListener('click', () => {
      this.#opened.clear();
      this.#draw(false);
      this.#remember();
    });
    for (const button of this.querySelectorAll<HTMLElement>('[data-zoom]')) {
      button.addEventListener('click', () => {
        const way = button.dataset['zoom'];
        if (way === 'fit') this.#view.fit();
        else this.#view.zoom(way === 'in' ? 1.25 : 0.8);
      });
    }
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.#chosen !== undefined) this.#choose(undefined);
    });
  }

  #draw(keep: boolean): void {
    this.#drawing = drawLineage(this.#lineage.grouped, this.#opened);
    const graph = print(
      lineagePart({
        drawing: this.#drawing,
        label: 'Graph of runs and what they were made from',
        hrefOf: ({ kind, id }) => (kind === 'run' ? this.#store.hrefOf(id) : undefined),
        stackHref: ({ id }) => `#group-${id}`,
      }),
    ) as SVGSVGElement;
    const frame = find(this, '[data-view]');
    frame.classList.toggle('lineage-grown', this.#opened.size > 0);
    frame.replaceChildren(graph);
    this.#view.take(graph, this.#drawing, keep);
    this.#mark();
  }

  /** The first click chooses; one on what is chosen follows its link. */
  #clicked(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = event.target as Element;
    const close = target.closest('[data-close]')?.getAttribute('data-close');
    const item = target.closest('[data-item]')?.getAttribute('data-item');
    const group = target.closest('[data-group]')?.getAttribute('data-group');
    if (item !== null && item !== undefined) {
      if (item === this.#chosen) return;
      event.preventDefault();
      this.#choose(item);
    } else if (close !== null && close !== undefined) {
      this.#toggle(close);
    } else if (group !== null && group !== undefined && !this.#opened.has(group)) {
      event.preventDefault();
      this.#toggle(group);
    } else this.#choose(undefined);
  }

  #toggle(group: string): void {
    if (this.#opened.has(group)) this.#opened.delete(group);
    else this.#opened.add(group);
    this.#draw(true);
    const box = this.#drawing.boxes.find(({ id }) => id === group);
    if (box !== undefined) this.#view.reveal(box);
    this.#remember();
  }

  #choose(id: string | undefined): void {
    this.#remark = '';
    this.#chosen = id;
    const group = id === undefined ? undefined : this.#groupOf.get(id);
    if (group !== undefined && !this.#opened.has(group) && this.#isGathered(group)) {
      this.#opened.add(group);
      this.#draw(true);
    } else this.#mark();
    if (id !== undefined) this.#reveal(id);
    this.#remember();
  }

  #isGathered(group: string): boolean {
    return (this.#drawing.boxes.find(({ id }) => id === group)?.items.length ?? 0) > 1;
  }

  #reveal(id: string): void {
    const box = this.#drawing.boxes.find((one) => one.id === this.#groupOf.get(id));
    const place = box?.places.find(({ item }) => item.id === id) ?? box;
    if (place !== undefined) this.#view.reveal(place);
  }

  #chooseNextMatch(): void {
    const matches = this.#matches();
    if (matches.length === 0) return;
    const at = matches.findIndex(({ id }) => id === this.#chosen);
    this.#choose(matches[(at + 1) % matches.length]!.id);
  }

  #matches(): LineageItem[] {
    const words = this.#text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const shown = this.#lineage.grouped.groups.flatMap(({ items }) => items);
    return shown.filter(({ id, label, group }) => {
      const text = `${group} ${label} ${id}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }

  /** Says by classes what is chosen, what it was made from, what was made from it, and what the search finds. */
  #mark(): void {
    const { ancestors, descendants } =
      this.#chosen === undefined
        ? { ancestors: new Set<string>(), descendants: new Set<string>() }
        : relatives(this.#neighbours, this.#chosen);
    const matches = new Set(this.#matches().map(({ id }) => id));
    markGraph(find<SVGSVGElement>(this, '.lineage-graph'), this.#drawing.boxes, {
      chosen: this.#chosen,
      ancestors,
      descendants,
      matches,
    });
    this.#tell(ancestors.size, descendants.size);
    this.#say(this.#text.trim() === '' ? this.#remark : plural(matches.size, 'match', 'matches'));
  }

  #tell(ancestors: number, descendants: number): void {
    const box = find(this, '[data-chosen]');
    const item = this.#chosen === undefined ? undefined : this.#items.get(this.#chosen);
    box.hidden = item === undefined;
    if (item === undefined) return;
    const parents = this.#neighbours.up.get(item.id)?.length ?? 0;
    const children = this.#neighbours.down.get(item.id)?.length ?? 0;
    box.replaceChildren(
      print([
        part('b', {}, pathPart(item.label)),
        item.status === undefined
          ? part('span', { class: 'pale' }, item.kind === 'data' ? 'input' : 'not in this book')
          : statusPart(item.status),
        part(
          'span',
          { class: 'dim' },
          `made from ${formatCount(parents)}${ancestors > parents ? ` (${formatCount(ancestors)} in all)` : ''}`,
        ),
        part(
          'span',
          { class: 'dim' },
          `used by ${formatCount(children)}${descendants > children ? ` (${formatCount(descendants)} in all)` : ''}`,
        ),
      ]),
    );
    if (item.kind === 'run') box.append(make('a', { href: this.#store.hrefOf(item.id) }, 'Its page'));
  }

  #remember(): void {
    const parameters = new URLSearchParams();
    if (this.#chosen !== undefined) parameters.set('run', this.#chosen);
    const open = [...this.#opened].filter((id) => id !== this.#groupOf.get(this.#chosen ?? ''));
    if (open.length > 0 && open.length <= 60) parameters.set('open', open.join(','));
    if (this.#text !== '') parameters.set('q', this.#text);
    showInAddress(parameters.toString().replaceAll('%2C', ',').replaceAll('%2F', '/'));
  }

  #say(text: string): void {
    find(this, '[data-count]').textContent = text;
  }
}
