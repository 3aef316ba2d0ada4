import { formatCount } from '../../../collector/base/format/number.ts';
import type { LineageDrawing } from '../../charts/lineage.ts';
import { lineageView } from '../../data/lineage/view.ts';
import type { LineageGraph } from '../../data/runs/types.ts';
import { pathPart, statusPart } from '../../parts/basics.tsx';
import { lineagePart } from '../../parts/lineage/drawing.tsx';
import { part } from '../../parts/part.ts';
import { addressParameters, showInAddress } from '../actions/view-state.ts';
import { dataFiles } from '../data-files.ts';
import { find, make } from '../dom.ts';
import { print } from '../print.ts';
import { RunDetailsStore } from '../runs/details-store.ts';
import { type GraphMarks, markGraph } from './marks.ts';
import { LineageState } from './state.ts';
import { type GraphView, graphView } from './view.ts';

/** `<daybook-lineage>`: the graph to move in, to search, to open and gather; the address holds what is chosen and open. */
export class DaybookLineage extends HTMLElement {
  #store!: RunDetailsStore;
  #state!: LineageState;
  #drawing!: LineageDrawing;
  #view!: GraphView;
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
    const wanted = addressParameters(location.search, location.hash);
    this.#state = new LineageState(lineageView(graph), wanted);
    this.classList.add('lineage-live');
    const frame = find(this, '[data-view]');
    this.#view = graphView(frame);
    frame.addEventListener('click', (event) => this.#clicked(event));
    this.#prepareSearch();
    this.#prepareTools();
    this.#draw(false);
    this.#reveal();
    this.dataset['ready'] = '';
  }

  #prepareSearch(): void {
    const search = find<HTMLInputElement>(this, '[data-search]');
    search.value = this.#state.text;
    const take = () => {
      this.#state.text = search.value;
      this.#mark();
      this.#remember();
    };
    search.addEventListener('input', take);
    search.addEventListener('keydown', ({ key }) => {
      const next = key === 'Enter' ? this.#state.nextMatch() : undefined;
      if (next !== undefined) this.#choose(next);
      if (key !== 'Escape') return;
      search.value = '';
      take();
    });
  }

  #prepareTools(): void {
    for (const tool of this.querySelectorAll<HTMLInputElement | HTMLButtonElement>(
      '[data-tools] :is(input, button)',
    ))
      tool.disabled = false;
    const onClick = (selector: string, change: () => void) =>
      find(this, selector).addEventListener('click', () => {
        change();
        this.#draw(false);
        this.#remember();
      });
    onClick('[data-open-all]', () => this.#state.openAll());
    onClick('[data-close-all]', () => this.#state.closeAll());
    for (const button of this.querySelectorAll<HTMLElement>('[data-zoom]')) {
      button.addEventListener('click', () => {
        const way = button.dataset['zoom'];
        if (way === 'fit') this.#view.fit();
        else this.#view.zoom(way === 'in' ? 1.25 : 0.8);
      });
    }
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.#state.chosen !== undefined) this.#choose(undefined);
    });
  }

  #draw(keep: boolean): void {
    this.#drawing = this.#state.drawing();
    const graph = print(
      lineagePart({
        drawing: this.#drawing,
        label: 'Graph of runs and what they were made from',
        hrefOf: ({ kind, id }) => (kind === 'run' ? this.#store.hrefOf(id) : undefined),
        stackHref: ({ id }) => `#group-${id}`,
      }),
    ) as SVGSVGElement;
    const frame = find(this, '[data-view]');
    frame.classList.toggle('lineage-grown', this.#state.isAnyOpen());
    frame.replaceChildren(graph);
    this.#view.take(graph, this.#drawing, keep);
    this.#mark();
  }

  /** The first click chooses; one on what is chosen follows its link. */
  #clicked(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const named = (name: string) => (event.target as Element).closest(`[${name}]`)?.getAttribute(name);
    const [item, close, group] = [named('data-item'), named('data-close'), named('data-group')];
    if (typeof item === 'string') {
      if (item === this.#state.chosen) return;
      event.preventDefault();
      this.#choose(item);
    } else if (typeof close === 'string') {
      this.#toggle(close);
    } else if (typeof group === 'string' && !this.#state.isOpen(group)) {
      event.preventDefault();
      this.#toggle(group);
    } else this.#choose(undefined);
  }

  #toggle(group: string): void {
    this.#state.toggle(group);
    this.#draw(true);
    const box = this.#drawing.boxes.find(({ id }) => id === group);
    if (box !== undefined) this.#view.reveal(box);
    this.#remember();
  }

  #choose(id: string | undefined): void {
    if (this.#state.choose(id)) this.#draw(true);
    else this.#mark();
    this.#reveal();
    this.#remember();
  }

  /** Brings what is chosen into sight. */
  #reveal(): void {
    const group = this.#state.groupOf(this.#state.chosen);
    const box = this.#drawing.boxes.find(({ id }) => id === group?.id);
    const place = box?.places.find(({ item }) => item.id === this.#state.chosen) ?? box;
    if (place !== undefined) this.#view.reveal(place);
  }

  /** Says by classes what is chosen, what it was made from, what was made from it, and what the search finds. */
  #mark(): void {
    const marks = this.#state.marks();
    markGraph(find<SVGSVGElement>(this, '.lineage-graph'), this.#drawing.boxes, marks);
    this.#tell(marks);
    this.#say(this.#state.said(marks));
  }

  #tell(marks: GraphMarks): void {
    const box = find(this, '[data-chosen]');
    const chosen = this.#state.chosenItem(marks);
    box.hidden = chosen === undefined;
    if (chosen === undefined) return;
    const { item, madeFrom, usedBy } = chosen;
    const count = (verb: string, [direct, all]: [number, number]) =>
      `${verb} ${formatCount(direct)}${all > direct ? ` (${formatCount(all)} in all)` : ''}`;
    box.replaceChildren(
      print([
        part('b', {}, pathPart(item.label)),
        item.status === undefined
          ? part('span', { class: 'pale' }, item.kind === 'data' ? 'input' : 'not in this book')
          : statusPart(item.status),
        part('span', { class: 'dim' }, count('made from', madeFrom)),
        part('span', { class: 'dim' }, count('used by', usedBy)),
      ]),
    );
    if (item.kind === 'run') box.append(make('a', { href: this.#store.hrefOf(item.id) }, 'Its page'));
  }

  #remember(): void {
    showInAddress(this.#state.query());
  }

  #say(text: string): void {
    find(this, '[data-count]').textContent = text;
  }
}
