import type { TimeRange } from '../../charts/brush-keys.ts';
import { painted } from '../breathe.ts';
import { showChips } from '../chips.ts';
import { dataFiles } from '../data-files.ts';
import { find } from '../dom.ts';
import { Once } from '../once.ts';
import { RowGrid } from '../row-grid.ts';
import { countText } from './count-text.ts';
import { type FacetPanel, facetPanel } from './facet-panel.ts';
import type { FacetName } from './facets.ts';
import { filterOf, type Matches, matchRows, timeOf } from './filters.ts';
import { findField } from './find-field.ts';
import { type RecordPanel, recordPanel } from './record-panel.ts';
import { drawRow, makeRow } from './row-view.ts';
import { ActionStore } from './store.ts';
import { searchText, type TextSearch } from './text-search.ts';
import { type TimeBins, timeBins } from './time-bins.ts';
import { type Timeline, timeline } from './timeline.ts';
import { formatViewState, isFiltered, parseViewState, showInAddress, type ViewState } from './view-state.ts';

/** `<daybook-explorer>`: makes the printed page of actions answer questions about all of them. */
export class DaybookExplorer extends HTMLElement {
  #store!: ActionStore;
  #grid!: RowGrid;
  #facets!: FacetPanel;
  #record!: RecordPanel;
  #input!: HTMLInputElement;
  #bins!: TimeBins;
  #timeline: Timeline | undefined;
  readonly #drawing = new Once();
  #state: ViewState = parseViewState('', '');
  #matches: Matches | undefined;
  #found = 0;
  #foundAtUpdate = 0;
  #countedAt = 0;
  #search: TextSearch | undefined;
  #searching = false;
  #updatedAt = 0;
  #updateMs = 0;
  #started = false;
  #failed = false;

  connectedCallback(): void {
    if (this.#started || this.dataset['total'] === '0') return;
    this.#started = true;
    this.#start().catch((error: unknown) => this.#fail(error));
  }

  async #start(): Promise<void> {
    this.#state = parseViewState(location.search, location.hash);
    this.#store = await ActionStore.open(dataFiles(this.dataset['base'] ?? 'data/actions/', 'actions/'));
    const wanted = this.#state.action;
    // The newest rows are asked for before anything else is made ready.
    const loaded = this.#store.loadAll(() => this.#shardLoaded());
    this.#facets = facetPanel(this, this.#store, (name, value) => this.#toggle(name, value));
    this.#prepareRecord();
    this.#bins = timeBins(this.#store);
    await loaded;
    this.#allLoaded();
    // Unless it was opened, or closed again, in the meantime.
    if (wanted !== undefined && this.#state.action === wanted && this.#record.row() < 0)
      await this.#openKey(wanted);
  }

  async #shardLoaded(): Promise<void> {
    const first = this.#matches === undefined;
    this.#bins.assign();
    if (first) this.#show();
    if (this.#state.text !== '' && this.#search === undefined) this.#startSearch();
    if (first || this.#isDue()) this.#update();
    if (!first) return;
    if (this.#state.action !== undefined) void this.#openKey(this.#state.action);
    await painted();
  }

  /** Takes the place of what is printed, once there is something to be seen there. */
  #show(): void {
    this.classList.add('explorer-live');
    this.#prepareGrid();
    this.#prepareTimeline();
    this.#prepareTools();
  }

  #allLoaded(): void {
    const all = filterOf(this.#store, parseViewState('', ''));
    this.#facets.setTotals(matchRows(this.#store, all).facets);
    this.classList.toggle('no-durations', this.#store.columns.took.every(Number.isNaN));
    this.#update();
    this.#expectSearch();
  }

  // The view: what matches, and everything that shows it

  #update(): void {
    if (!this.classList.contains('explorer-live')) return;
    const started = performance.now();
    this.#foundAtUpdate = this.#search?.found() ?? 0;
    const mayMatch = !this.#searching || this.#foundAtUpdate > 0;
    const matches = mayMatch ? this.#match(this.#search?.hits) : undefined;
    // A table is not emptied before it is known that nothing is found: until then it shows what the text is looked for in.
    const isLooking = this.#searching && (matches?.rows.count ?? 0) === 0;
    const shown = isLooking || matches === undefined ? this.#match() : matches;
    this.#matches = shown;
    this.classList.toggle('explorer-looking', isLooking);
    find(this, '[role=grid]').setAttribute('aria-busy', String(isLooking));
    this.#grid.setCount(shown.rows.count);
    if (this.#record.row() >= 0) this.#grid.mark(shown.rows.positionOf(this.#record.row()));
    this.#grid.redraw();
    if (this.#isWhole() && !isLooking)
      this.#drawing.next(() => this.#timeline?.draw(this.#bins.count(shown.rows)));
    this.#facets.update(shown.facets, this.#state.facets, !this.#isWhole() && !isFiltered(this.#state));
    showChips(find(this, '[data-chips]'), this.#state, {
      toggle: (name, value) => this.#toggle(name, value),
      clearTime: () => this.#brushed(undefined),
      clearText: () => this.#searchFor(''),
    });
    this.#found = isLooking ? 0 : shown.rows.count;
    this.#showCount();
    find(this, '[data-nothing]').hidden = this.#found > 0 || !this.#isWhole() || this.#searching;
    this.toggleAttribute('data-ready', this.#isWhole() && !this.#searching);
    this.#updatedAt = performance.now();
    this.#updateMs = this.#updatedAt - started;
  }

  #match(text?: Uint8Array): Matches {
    return matchRows(this.#store, filterOf(this.#store, this.#state, text));
  }

  /** Whether the view may be made anew while more is coming: seldom enough that making it costs little of the time. */
  #isDue(): boolean {
    const since = performance.now() - this.#updatedAt;
    const isFirst = this.#found === 0 && (this.#search?.found() ?? 0) > this.#foundAtUpdate;
    return since > (isFirst ? this.#updateMs * 2 : Math.max(250, this.#updateMs * 10));
  }

  #showCount(): void {
    this.#countedAt = performance.now();
    const { total } = this.#store;
    const found = isFiltered(this.#state) ? this.#found : undefined;
    const search = this.#searching ? this.#search : undefined;
    const text = countText(total, found, total - this.#store.loadedFrom(), search);
    find(this, '[data-count]').textContent = text;
  }

  #isWhole(): boolean {
    return this.#store.loadedFrom() === 0;
  }

  // What is chosen, and its place in the address

  #remember(change: Partial<ViewState>): void {
    this.#state = { ...this.#state, ...change };
    showInAddress(formatViewState(this.#state));
  }

  #toggle(name: FacetName, value: string): void {
    const chosen = this.#state.facets[name];
    const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
    this.#remember({ facets: { ...this.#state.facets, [name]: next } });
    this.#update();
  }

  #brushed(range: TimeRange | undefined): void {
    if (range === undefined) this.#timeline?.choose(undefined);
    this.#remember({ fromUs: range?.fromUs, toUs: range?.toUs });
    this.#update();
  }

  #searchFor(text: string): void {
    if (this.#input.value !== text) this.#input.value = text;
    this.#remember({ text });
    this.#search?.cancel();
    this.#search = undefined;
    this.#searching = false;
    if (text === '') this.#update();
    else this.#startSearch();
  }

  #startSearch(): void {
    this.#searching = true;
    this.removeAttribute('data-ready');
    let isShown = false;
    this.#search = searchText(this.#store, this.#state.text, {
      onProgress: (finished) => {
        if (finished) this.#searching = false;
        if (finished || !isShown || this.#isDue()) this.#update();
        else if (performance.now() - this.#countedAt > 100) this.#showCount();
        isShown = true;
      },
      onError: (error) => this.#fail(error),
      chosen: () => timeOf(this.#state),
    });
  }

  // The parts

  /** Reads what a search needs at once, as soon as one is likely and everything is there to be searched. */
  #expectSearch(): void {
    if (this.#isWhole() && document.activeElement === this.#input) void this.#store.texts.prepare();
  }

  #prepareGrid(): void {
    this.#grid = new RowGrid(find(this, '[role=grid]'), {
      makeRow,
      draw: (element, position) => {
        const row = this.#rowAt(position);
        if (row < 0) return;
        drawRow(element, this.#store, row, () => this.#grid.redraw());
        element.classList.toggle('row-open', row === this.#record.row());
      },
      onSelect: (position) => {
        if (this.#record.row() >= 0) void this.#open(this.#rowAt(position));
      },
      onOpen: (position) => void this.#open(this.#rowAt(position)),
    });
  }

  #prepareRecord(): void {
    this.#record = recordPanel(find(this, '[data-record]'), this.#store, {
      repository: this.dataset['repository'],
      snapshots: this.dataset['snapshots'],
      onChange: (action) => this.#remember({ action }),
      onClose: () => {
        this.classList.remove('record-open');
        this.#grid.redraw();
        this.#grid.focus();
      },
      filterRun: (run) => {
        this.#remember({ facets: { ...this.#state.facets, run: [run] } });
        this.#update();
      },
    });
  }

  #prepareTimeline(): void {
    const { bins, totals } = this.#bins;
    if (bins.length < 2) return;
    const root = find(this, '[data-timeline]');
    const onBrush = (range: TimeRange | undefined) => this.#brushed(range);
    this.#timeline = timeline(root, bins, this.#store.statuses, () => totals, onBrush);
    const { fromUs, toUs } = this.#state;
    if (fromUs === undefined && toUs === undefined) return;
    this.#timeline.choose({ fromUs: fromUs ?? bins[0]!.fromUs, toUs: toUs ?? bins[bins.length - 1]!.toUs });
  }

  #prepareTools(): void {
    this.#input = findField(this, this.#grid, {
      text: this.#state.text,
      onText: (text) => {
        if (text !== this.#state.text) this.#searchFor(text);
      },
      onFocus: () => this.#expectSearch(),
    });
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#record.close();
    });
    find(this, '[data-clear]').addEventListener('click', () => {
      this.#timeline?.choose(undefined);
      this.#remember({ ...parseViewState('', ''), action: this.#state.action });
      this.#searchFor('');
    });
  }

  // Rows and the open record

  #rowAt(position: number): number {
    return this.#matches?.rows.at(position) ?? -1;
  }

  async #open(row: number): Promise<void> {
    if (row < 0) return;
    this.classList.add('record-open');
    const opened = this.#record.open(row);
    this.#grid.redraw();
    await opened;
  }

  async #openKey(key: string): Promise<void> {
    const row = await this.#store.rowOf(key);
    if (row < 0 && this.#isWhole()) this.#record.say(`There is no action ${key} in this book.`);
    if (row < 0) return;
    while (this.#store.loadedFrom() > row && !this.#failed)
      await new Promise((resolve) => setTimeout(resolve, 20));
    // Anyone who opened another one, or closed this one, while it was on its way wants that.
    if (this.#failed || this.#record.row() >= 0 || this.#state.action !== key) return;
    const position = this.#matches?.rows.positionOf(row) ?? -1;
    if (position >= 0) this.#grid.select(position, 'quietly');
    await this.#open(row);
  }

  #fail(error: unknown): void {
    this.#failed = true;
    this.#search?.cancel();
    this.classList.remove('explorer-live');
    this.classList.add('explorer-failed');
    const note = find(this, '[data-count]');
    const reason = error instanceof Error ? error.message : String(error);
    note.textContent = `${note.textContent ?? ''}. The data files could not be read (${reason}); the newest actions are listed below.`;
  }
}
