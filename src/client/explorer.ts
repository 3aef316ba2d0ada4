import { formatCount, formatDay, formatDuration, formatTime } from '../charts/format.ts';
import type { StatusName } from '../charts/status-shape.ts';
import { type ActionStore, openActionStore } from './action-store.ts';
import { dataFiles } from './data-files.ts';
import { find, make, makeMark, plainText } from './dom.ts';
import { type FacetList, facetList } from './facet-list.ts';
import { type FacetName, facetNames, type Matches, matchRows } from './filters.ts';
import { recordView } from './record-pane.ts';
import { gridCell, type RowGrid, rowGrid } from './row-grid.ts';
import { searchText, type TextSearch } from './text-search.ts';
import { type Timeline, timeline, timelineBins } from './timeline.ts';
import { formatViewState, parseViewState, showInAddress, type ViewState } from './view-state.ts';

/** `<daybook-explorer>`: makes the printed page of actions answer questions about all of them. */
export class DaybookExplorer extends HTMLElement {
  #store!: ActionStore;
  #state: ViewState = parseViewState('', '');
  #matches: Matches | undefined;
  #grid!: RowGrid;
  #timeline: Timeline | undefined;
  #facets = new Map<FacetName, FacetList>();
  #facetTotals = new Map<FacetName, Map<string, number>>();
  #search: TextSearch | undefined;
  #searching = false;
  #binOf = new Uint16Array(0);
  #binTotals = new Uint32Array(0);
  #openRow = -1;
  #updateAt = 0;
  #started = false;

  connectedCallback(): void {
    if (this.#started) return;
    this.#started = true;
    this.#start().catch((error: unknown) => this.#fail(error));
  }

  async #start(): Promise<void> {
    if (this.dataset['total'] === '0') return;
    this.#state = parseViewState(location.search, location.hash);
    this.#store = await openActionStore(dataFiles(this.dataset['base'] ?? 'data/actions/', 'actions/'));
    this.#grid = rowGrid(find(this, '[role=grid]'), {
      makeRow,
      draw: (row, position) => this.#drawRow(row, position),
      onSelect: (position) => {
        if (this.#openRow >= 0) void this.#open(this.#rowAt(position));
      },
      onOpen: (position) => void this.#open(this.#rowAt(position)),
    });
    this.#prepareFacets();
    this.#prepareTimeline();
    this.#prepareTools();
    this.classList.add('explorer-live');
    const wanted = this.#state.action;
    await this.#store.loadAll(() => this.#shardLoaded());
    this.#loaded();
    if (wanted !== undefined && this.#openRow < 0) await this.#openKey(wanted);
  }

  #shardLoaded(): void {
    const first = this.#matches === undefined;
    this.#assignBins();
    if (first) {
      if (this.#state.text !== '') this.#startSearch();
      if (this.#state.action !== undefined) void this.#openKey(this.#state.action);
      if (location.hash === '#find') this.#input().focus();
    }
    const now = performance.now();
    if (first || now - this.#updateAt > 250 || this.#isWhole()) this.#update();
  }

  #loaded(): void {
    const sizes = this.#sizes();
    const all = matchRows(this.#store.columns, sizes, noFilter(), 0, () => {});
    for (const name of facetNames) {
      const values: [string, number][] = [];
      for (const [code, count] of all.facets[name].entries()) {
        if (count > 0 && (name === 'status' || code > 0)) values.push([this.#textOf(name, code), count]);
      }
      if (name !== 'status') values.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
      this.#facetTotals.set(name, new Map(values));
      if (name === 'status') this.#facets.get(name)!.setValues(this.#inPrintedOrder(values));
      else this.#facets.get(name)!.setValues(values);
    }
    this.classList.toggle('no-durations', this.#store.columns.took.every(Number.isNaN));
    this.#update();
  }

  #inPrintedOrder(values: [string, number][]): [string, number][] {
    const order = ['completed', 'failed', 'running', 'aborted', 'pending', 'unknown'];
    return values.sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0]));
  }

  #update(): void {
    this.#updateAt = performance.now();
    const { columns, statuses } = this.#store;
    const bins = new Uint32Array(this.#binTotals.length);
    const [binOf, width, status] = [this.#binOf, statuses.length, columns.status];
    this.#matches = matchRows(columns, this.#sizes(), this.#filter(), this.#store.loadedFrom(), (row) => {
      bins[binOf[row]! * width + status[row]!]! += 1;
    });
    this.#grid.setCount(this.#matches.rows.length, this.#matches.rows.length);
    if (this.#openRow >= 0) this.#grid.mark(this.#matches.rows.indexOf(this.#openRow));
    this.#grid.redraw();
    if (this.#isWhole()) this.#timeline?.draw(bins);
    this.#updateFacets();
    this.#updateChips();
    this.#updateCount();
    find(this, '[data-nothing]').hidden =
      this.#matches.rows.length > 0 || !this.#isWhole() || this.#searching;
    this.toggleAttribute('data-ready', this.#isWhole() && !this.#searching);
  }

  #filter(): Parameters<typeof matchRows>[2] {
    const codes = (name: FacetName) =>
      new Set(this.#state.facets[name].map((text) => this.#codeOf(name, text)));
    const { fromUs, toUs } = this.#state;
    return {
      status: codes('status'),
      type: codes('type'),
      run: codes('run'),
      writer: codes('writer'),
      time:
        fromUs === undefined && toUs === undefined
          ? undefined
          : { fromUs: fromUs ?? Number.NEGATIVE_INFINITY, toUs: toUs ?? Number.POSITIVE_INFINITY },
      text: this.#search?.hits,
    };
  }

  #codeOf(name: FacetName, text: string): number {
    if (name === 'status') return this.#store.statuses.indexOf(text);
    return this.#dictionary(name).findCode(text);
  }

  #textOf(name: FacetName, code: number): string {
    return name === 'status' ? (this.#store.statuses[code] ?? '') : this.#dictionary(name).textOf(code);
  }

  #dictionary(name: Exclude<FacetName, 'status'>): ActionStore['types'] {
    return name === 'type' ? this.#store.types : name === 'run' ? this.#store.runs : this.#store.writers;
  }

  #sizes(): Record<FacetName, number> {
    const { statuses, types, runs, writers } = this.#store;
    return { status: statuses.length, type: types.size(), run: runs.size(), writer: writers.size() };
  }

  #isWhole(): boolean {
    return this.#store.loadedFrom() === 0;
  }

  #isFiltered(): boolean {
    const { facets, fromUs, toUs, text } = this.#state;
    return (
      fromUs !== undefined ||
      toUs !== undefined ||
      text !== '' ||
      facetNames.some((name) => facets[name].length > 0)
    );
  }

  #change(change: Partial<ViewState>): void {
    this.#state = { ...this.#state, ...change };
    showInAddress(formatViewState(this.#state));
    this.#update();
  }

  // Facets, chips and the count line

  #prepareFacets(): void {
    for (const name of facetNames) {
      const section = find(this, `[data-facet=${name}]`);
      const printed: [string, number][] = [...section.querySelectorAll<HTMLElement>('[data-value]')].map(
        (item) => [item.dataset['value']!, Number(item.dataset['count'])],
      );
      this.#facetTotals.set(name, new Map(printed));
      const list = facetList(section, (value) => this.#toggle(name, value));
      list.setValues(printed);
      this.#facets.set(name, list);
    }
  }

  #toggle(name: FacetName, value: string): void {
    const chosen = this.#state.facets[name];
    const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
    this.#change({ facets: { ...this.#state.facets, [name]: next } });
  }

  #updateFacets(): void {
    const partial = !this.#isWhole() && !this.#isFiltered();
    for (const name of facetNames) {
      const counts = this.#matches!.facets[name];
      const totals = this.#facetTotals.get(name)!;
      const countOf = (value: string) =>
        partial ? totals.get(value) : (counts[this.#codeOf(name, value)] ?? 0);
      this.#facets.get(name)!.update(countOf, new Set(this.#state.facets[name]));
    }
  }

  #updateChips(): void {
    const { facets, fromUs, toUs, text } = this.#state;
    const chips: HTMLElement[] = [];
    for (const name of facetNames) {
      for (const value of facets[name])
        chips.push(chip(`${name}: ${value}`, () => this.#toggle(name, value)));
    }
    if (fromUs !== undefined || toUs !== undefined) {
      chips.push(chip(rangeText(fromUs, toUs), () => this.#brushed(undefined)));
    }
    if (text !== '') chips.push(chip(`“${text}”`, () => this.#searchFor('')));
    const list = find(this, '[data-chips]');
    const had = list.contains(document.activeElement);
    list.replaceChildren(...chips.map((one) => make('li', {}, one)));
    if (had) (list.querySelector('button') ?? this.#input()).focus();
  }

  #updateCount(): void {
    const { total } = this.#store;
    const { rows, loaded } = this.#matches!;
    const parts = [`${formatCount(total)} recorded`];
    if (this.#isFiltered()) parts.push(`${formatCount(rows.length)} match`);
    if (!this.#isWhole()) parts.push(`${formatCount(loaded)} read`);
    else if (this.#searching) parts.push(`${formatCount(this.#search?.done() ?? 0)} searched`);
    find(this, '[data-count]').textContent = parts.join(', ');
  }

  // Timeline

  #prepareTimeline(): void {
    const { shards } = this.#store;
    const [first, last] = [shards[0]?.fromUs ?? 0, shards[shards.length - 1]?.toUs ?? 0];
    const bins = timelineBins(first, last);
    if (bins.length < 2) return;
    this.#binOf = new Uint16Array(this.#store.total);
    this.#binTotals = new Uint32Array(bins.length * this.#store.statuses.length);
    const root = find(this, '[data-timeline]');
    this.#timeline = timeline(
      root,
      bins,
      this.#store.statuses,
      () => this.#binTotals,
      (range) => this.#brushed(range),
    );
    this.#showRange();
  }

  #assignBins(): void {
    if (this.#timeline === undefined) return;
    const { bins } = this.#timeline;
    const { columns, statuses, shards } = this.#store;
    const shard = shards.find(({ start }) => start === this.#store.loadedFrom())!;
    let bin = 0;
    for (let row = shard.start; row < shard.start + shard.count; row++) {
      const us = columns.time[row]!;
      while (bin < bins.length - 1 && us >= bins[bin]!.toUs) bin += 1;
      this.#binOf[row] = bin;
      this.#binTotals[bin * statuses.length + columns.status[row]!]! += 1;
    }
  }

  #brushed(range: { fromUs: number; toUs: number } | undefined): void {
    this.#change({ fromUs: range?.fromUs, toUs: range?.toUs });
    if (range === undefined) this.#timeline?.choose(undefined);
  }

  #showRange(): void {
    const { fromUs, toUs } = this.#state;
    const bins = this.#timeline?.bins ?? [];
    if (bins.length === 0 || (fromUs === undefined && toUs === undefined)) return;
    this.#timeline!.choose({ fromUs: fromUs ?? bins[0]!.fromUs, toUs: toUs ?? bins[bins.length - 1]!.toUs });
  }

  // Text search

  #input(): HTMLInputElement {
    return find<HTMLInputElement>(this, '[data-search]');
  }

  #searchFor(text: string): void {
    if (this.#input().value !== text) this.#input().value = text;
    this.#state = { ...this.#state, text };
    this.#search?.cancel();
    this.#search = undefined;
    this.#searching = false;
    if (text !== '') this.#startSearch();
    this.#change({});
  }

  #startSearch(): void {
    this.#searching = true;
    this.#search = searchText(
      this.#store,
      this.#state.text,
      (finished) => {
        if (finished) this.#searching = false;
        this.#update();
      },
      (error) => this.#fail(error),
    );
  }

  // Rows and the open record

  #rowAt(position: number): number {
    return this.#matches?.rows[position] ?? -1;
  }

  #drawRow(element: HTMLElement, position: number): void {
    const row = this.#rowAt(position);
    if (row < 0) return;
    const { columns, statuses, types } = this.#store;
    const [time, status, type, summary, took] = element.children as unknown as HTMLElement[];
    time!.textContent = formatTime(columns.time[row]!);
    const name = statuses[columns.status[row]!] as StatusName;
    if (status!.dataset['status'] !== name) {
      status!.dataset['status'] = name;
      status!.replaceChildren(makeMark(name), name);
    }
    setText(type!, plainText(types.textOf(columns.type[row]!)));
    setText(summary!, this.#store.summary(row, () => this.#grid.redraw()) ?? '');
    const ms = columns.took[row]!;
    setText(took!, Number.isNaN(ms) ? '' : formatDuration(ms));
    element.classList.toggle('row-open', row === this.#openRow);
  }

  async #openKey(key: string): Promise<void> {
    const row = await this.#store.rowOf(key);
    if (row < 0) {
      if (this.#isWhole()) this.#message(`There is no action ${key} in this book.`);
      return;
    }
    while (this.#store.loadedFrom() > row) await new Promise((resolve) => setTimeout(resolve, 20));
    if (this.#openRow === row) return;
    const position = this.#matches?.rows.indexOf(row) ?? -1;
    if (position >= 0) this.#grid.select(position, 'quietly');
    await this.#open(row);
  }

  async #open(row: number): Promise<void> {
    if (row < 0) return;
    this.#openRow = row;
    const pane = find(this, '[data-record]');
    const show = (details?: Parameters<typeof recordView>[1]) =>
      pane.replaceChildren(...recordView(this.#factsOf(row), details, this.#recordActions()));
    this.classList.add('record-open');
    show();
    pane.scrollTop = 0;
    this.#grid.redraw();
    try {
      const details = await this.#store.details(row);
      if (this.#openRow !== row) return;
      this.#state = { ...this.#state, action: details.key };
      showInAddress(formatViewState(this.#state));
      show(details);
    } catch (error) {
      this.#message(`The details could not be read: ${messageOf(error)}.`);
    }
  }

  #close(): void {
    if (this.#openRow < 0) return;
    this.#openRow = -1;
    this.classList.remove('record-open');
    find(this, '[data-record]').replaceChildren(make('p', { class: 'record-hint' }, recordHint));
    this.#state = { ...this.#state, action: undefined };
    showInAddress(formatViewState(this.#state));
    this.#grid.redraw();
    this.#grid.focus();
  }

  #factsOf(row: number): Parameters<typeof recordView>[0] {
    const { columns, statuses, types, runs, writers } = this.#store;
    const took = columns.took[row]!;
    return {
      type: types.textOf(columns.type[row]!),
      status: statuses[columns.status[row]!] as StatusName,
      atUs: columns.time[row]!,
      tookMs: Number.isNaN(took) ? undefined : took,
      run: runs.textOf(columns.run[row]!),
      writer: writers.textOf(columns.writer[row]!),
    };
  }

  #recordActions(): Parameters<typeof recordView>[2] {
    return {
      repository: this.dataset['repository'],
      close: () => this.#close(),
      filterRun: (run) => this.#change({ facets: { ...this.#state.facets, run: [run] } }),
      copyLink: (button) => void copyText(linkTo(this.#state.action ?? ''), button),
    };
  }

  #message(text: string): void {
    find(this, '[data-record]').replaceChildren(make('p', { class: 'record-hint' }, text));
  }

  #prepareTools(): void {
    const input = this.#input();
    input.value = this.#state.text;
    let timer: ReturnType<typeof setTimeout> | undefined;
    input.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#searchFor(input.value.trim()), 180);
    });
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && input.value !== '') {
        this.#searchFor('');
        event.stopPropagation();
      } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
        event.preventDefault();
        clearTimeout(timer);
        if (input.value.trim() !== this.#state.text) this.#searchFor(input.value.trim());
        this.#grid.focus();
        if (this.#grid.selected() < 0) this.#grid.select(0, 'quietly');
      }
    });
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#close();
    });
    find(this, '[data-clear]').addEventListener('click', () => {
      this.#state = { ...parseViewState('', ''), action: this.#state.action };
      this.#timeline?.choose(undefined);
      this.#searchFor('');
    });
    addEventListener('hashchange', () => {
      if (location.hash === '#find') input.focus();
    });
  }

  #fail(error: unknown): void {
    this.classList.remove('explorer-live');
    const note = find(this, '[data-count]');
    note.textContent = `${note.textContent ?? ''}. The data files could not be read (${messageOf(error)}); the newest actions are listed below.`;
  }
}

const recordHint = 'Choose a row to see its details, its history and the line it came from.';

function makeRow(): HTMLElement {
  return make(
    'div',
    { class: 'row' },
    gridCell('cell-time mono'),
    gridCell('cell-status'),
    gridCell('cell-type'),
    gridCell('cell-summary'),
    gridCell('cell-took'),
  );
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent === text) return;
  element.textContent = text;
  element.title = text;
}

function chip(text: string, remove: () => void): HTMLButtonElement {
  const button = make(
    'button',
    { type: 'button', class: 'chip', title: text },
    make('span', {}, plainText(text)),
  );
  button.append(
    make('span', { class: 'visually-hidden' }, ', remove this filter'),
    make('span', { class: 'chip-x', 'aria-hidden': 'true' }, '×'),
  );
  button.addEventListener('click', remove);
  return button;
}

function rangeText(fromUs: number | undefined, toUs: number | undefined): string {
  const whole = (us: number | undefined) => us === undefined || us % 86_400e6 === 0;
  const say = (us: number) => (whole(fromUs) && whole(toUs) ? formatDay(us) : formatTime(us).slice(0, 16));
  if (fromUs === undefined) return `before ${say(toUs!)}`;
  if (toUs === undefined) return `since ${say(fromUs)}`;
  const last = whole(fromUs) && whole(toUs) ? toUs - 86_400e6 : toUs;
  if (say(fromUs) === say(last)) return say(fromUs);
  const first = whole(fromUs) && whole(toUs) ? formatDay(fromUs, last) : say(fromUs);
  return `${first} to ${say(last)}`;
}

function linkTo(key: string): string {
  return `${location.href.split(/[?#]/)[0]}?action=${encodeURIComponent(key)}`;
}

async function copyText(text: string, button: HTMLElement): Promise<void> {
  const before = button.textContent ?? '';
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    button.replaceChildren(
      make('input', {
        value: text,
        readonly: true,
        'aria-label': 'Link to this action',
        class: 'copy-field',
      }),
    );
    button.querySelector('input')!.select();
    return;
  }
  setTimeout(() => {
    button.textContent = before;
  }, 1500);
}

function noFilter(): Parameters<typeof matchRows>[2] {
  return {
    status: new Set(),
    type: new Set(),
    run: new Set(),
    writer: new Set(),
    time: undefined,
    text: undefined,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
