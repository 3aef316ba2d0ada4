import { formatCount } from '../../../collector/base/format/number.ts';
import type { AxisRange } from '../../charts/axis-scale.ts';
import type { LiveState } from '../../data/runs/live.ts';
import type { TableColumn } from '../../data/runs/table-columns.ts';
import { showInAddress } from '../actions/view-state.ts';
import { dataFiles } from '../data-files.ts';
import { find, make } from '../dom.ts';
import { type RunCharts, runCharts } from './charts.ts';
import { showRunChips } from './chips.ts';
import { type ColumnChooser, columnChooser } from './column-chooser.ts';
import { showCompare } from './compare-link.ts';
import { type Condition, parseCondition } from './condition.ts';
import { type FilterField, filterField } from './filter-field.ts';
import { type RunGrid, runGrid } from './grid.ts';
import { GroupView } from './groups/group-view.ts';
import { bestAmong, failedAmong, isResult, matchRuns, type RunMatches, sortRuns } from './matches.ts';
import { nextSort, showOrder } from './order.ts';
import { RunFacets } from './run-facets.ts';
import {
  chosenColumns,
  columnNamed,
  isSmall,
  maxColumns,
  type TableLook,
  tellingColumns,
  widthInRem,
} from './shown-columns.ts';
import { RunStore } from './store.ts';
import {
  formatRunViewState,
  noRunState,
  parseRunViewState,
  questionOf,
  type RunViewState,
} from './view-state.ts';

/** `<daybook-runs>`: makes the printed page of runs answer questions about all of them. */
export class DaybookRuns extends HTMLElement {
  #store!: RunStore;
  #grid!: RunGrid;
  #field!: FilterField;
  #charts!: RunCharts;
  #groups!: GroupView;
  #chooser!: ColumnChooser;
  #facets!: RunFacets;
  #state: RunViewState = noRunState();
  #condition!: Condition;
  #matches: RunMatches = { rows: [], unbrushed: [], facets: new Map() };
  #rows: number[] = [];
  #shown: TableColumn[] = [];
  #best = new Map<string, number>();
  /** What was matched last, and what the charts show. */
  #asked: string | undefined;
  #drawn: string | undefined;
  #turn = 0;
  #started = false;

  connectedCallback(): void {
    if (this.#started || this.dataset['total'] === '0') return;
    this.#started = true;
    this.#start().catch((error: unknown) => this.#fail(error));
  }

  async #start(): Promise<void> {
    this.#state = parseRunViewState(location.search, location.hash);
    this.#store = await RunStore.open(dataFiles(this.dataset['base'] ?? 'data/runs/', 'runs/'));
    this.#condition = parseCondition(this.#state.where, this.#store.columns);
    this.#prepareTools();
    this.#facets = new RunFacets(this, (name, value) => this.#toggle(name, value));
    this.#prepareGrid();
    this.#charts = runCharts(find(this, '[data-charts]'), this.#store, {
      state: () => this.#state,
      change: (change) => this.#choose(change),
      brush: (id, range) => this.#brush(id, range),
      pick: (row) => this.#pick(row),
    });
    await this.#store.loadAll(() => {});
    if (isSmall(this.#store)) await this.#store.need(this.#store.columns.map(({ id }) => id));
    document.addEventListener('daybook:runs', (event) => {
      this.#store.follow((event as CustomEvent<LiveState[]>).detail);
      this.#grid.grid.redraw();
    });
    document.dispatchEvent(new Event('daybook:runs-wanted'));
    this.classList.add('runs-live');
    this.#field.set(this.#state.where);
    await this.#update();
  }

  // The view: what matches, and everything that shows it

  async #update(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const { sort, brushes } = this.#state;
    const sorted = columnNamed(this.#store, sort.replace(/^-/, ''));
    const needed = [
      ...this.#condition.needs.map(({ id }) => id),
      ...brushes.keys(),
      ...(sorted ? [sorted.id] : []),
    ];
    await this.#store.need(needed);
    // Anyone who asked something else in the meantime gets that.
    if (turn !== this.#turn) return;
    const question = questionOf(this.#state);
    if (question !== this.#asked) this.#matches = matchRuns(this.#store, this.#state, this.#condition);
    this.#asked = question;
    const isGrouped = this.#state.group.length > 0;
    this.classList.toggle('runs-grouped', isGrouped);
    this.#groups.mark();
    if (isGrouped) {
      await this.#groups.load();
      if (turn !== this.#turn) return;
      this.#rows = this.#matches.rows;
      this.#showGroups();
    } else if (!(await this.#showRuns(turn, sorted))) return;
    this.#showChoice();
    if (question !== this.#drawn) await this.#charts.draw(this.#matches, this.#state, this.#picked());
    this.#drawn = question;
    if (turn === this.#turn) this.toggleAttribute('data-ready', true);
  }

  #showGroups(): void {
    const order = find(this, '[data-order]');
    order.hidden = false;
    order.textContent = this.#groups.show(this.#rows);
    find(this, '[data-nothing]').hidden = this.#rows.length > 0;
  }

  /** Says whether it came to its end: nobody may have asked something else in the meantime. */
  async #showRuns(turn: number, sorted: TableColumn | undefined): Promise<boolean> {
    const { sort, withFailed } = this.#state;
    this.#rows = sortRuns(this.#store, this.#matches.rows, sorted, sort.startsWith('-'), withFailed);
    showOrder(find(this, '[data-order]'), {
      failed: failedAmong(this.#store, this.#rows, sorted).length,
      total: this.#rows.length,
      withFailed,
      onChange: () => this.#choose({ withFailed: !withFailed }),
    });
    const look = this.#look(sorted);
    const columns = chosenColumns(this.#store, this.#state.columns, look);
    await this.#store.need(columns.map(({ id }) => id));
    if (turn !== this.#turn) return false;
    const isChosen = this.#state.columns !== undefined;
    this.#showTable(isChosen ? columns : tellingColumns(this.#store, columns, look));
    return true;
  }

  #showTable(columns: TableColumn[]): void {
    const isSame =
      columns.length === this.#shown.length && columns.every(({ id }, at) => id === this.#shown[at]?.id);
    const head = find(this, '[role=grid] [data-head]');
    if (!isSame || head.dataset['sort'] !== this.#state.sort || head.childElementCount === 0) {
      this.#shown = columns;
      head.dataset['sort'] = this.#state.sort;
      this.#grid.setColumns(columns, this.#state.sort);
      this.#chooser.update();
    }
    this.#best = bestAmong(this.#store, this.#rows, columns);
    this.#grid.grid.setCount(this.#rows.length);
    this.#grid.grid.redraw();
    find(this, '[data-nothing]').hidden = this.#rows.length > 0;
  }

  #showChoice(): void {
    this.#facets.update(this.#matches, this.#state.facets);
    showRunChips(find(this, '[data-chips]'), this.#state, this.#store, {
      toggle: (name, value) => this.#toggle(name, value),
      clearBrush: (id) => this.#brush(id, undefined),
    });
    const total = `${formatCount(this.#store.total)} recorded`;
    find(this, '[data-count]').textContent = this.#isFiltered()
      ? `${total}, ${formatCount(this.#rows.length)} match`
      : total;
    showCompare(find(this, '[data-compare]'), this.#state.picked, () => this.#choose({ picked: [] }));
  }

  /** What the table stands on, and how much room it has. */
  #look(sorted: TableColumn | undefined): TableLook {
    return {
      rows: this.#rows,
      matches: this.#matches,
      sorted,
      room: widthInRem(find(this, '[role=grid]')),
    };
  }

  #isFiltered(): boolean {
    const { facets, brushes } = this.#state;
    return (
      this.#condition.holds !== undefined ||
      brushes.size > 0 ||
      [...facets.values()].some((chosen) => chosen.length > 0)
    );
  }

  #picked(): Set<number> {
    return new Set(this.#state.picked.map((slug) => this.#store.rowOf(slug)).filter((row) => row >= 0));
  }

  // What is chosen, and its place in the address

  #choose(change: Partial<RunViewState>): void {
    this.#state = { ...this.#state, ...change };
    showInAddress(formatRunViewState(this.#state));
    this.#update().catch((error: unknown) => this.#fail(error));
  }

  #toggle(name: string, value: string): void {
    const chosen = this.#state.facets.get(name) ?? [];
    const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
    this.#choose({ facets: new Map([...this.#state.facets, [name, next]]) });
  }

  #brush(id: string, range: AxisRange | undefined): void {
    const brushes = new Map(this.#state.brushes);
    if (range === undefined) brushes.delete(id);
    else brushes.set(id, range);
    this.#choose({ brushes });
  }

  #sort(id: string): void {
    // Anyone who sorts wants to see what comes first.
    for (const table of this.querySelectorAll('.grid-frame')) table.scrollTop = 0;
    this.#choose({ sort: nextSort(this.#state.sort, id, columnNamed(this.#store, id)) });
  }

  #pick(row: number): void {
    if (row < 0) return;
    const slug = this.#store.slug(row);
    const { picked } = this.#state;
    this.#choose({
      picked: picked.includes(slug) ? picked.filter((one) => one !== slug) : [...picked, slug],
    });
  }

  // The parts

  #prepareTools(): void {
    this.#field = filterField(
      this.#store,
      (condition) => {
        if (
          condition.text === this.#condition.text &&
          this.classList.contains('runs-live') &&
          this.#condition.problem === undefined &&
          condition.text === this.#state.where
        )
          return;
        this.#condition = condition;
        this.#choose({ where: condition.text });
      },
      () => this.#grid.grid.focus(),
    );
    this.#chooser = columnChooser({
      title: 'Columns',
      columns: this.#store.columns,
      chosen: () => this.#shown.map(({ id }) => id),
      onChange: (columns) => this.#choose({ columns }),
      most: maxColumns,
    });
    this.#groups = new GroupView(this, this.#store, {
      state: () => this.#state,
      change: (change) => this.#choose(change),
      onSort: (id) => this.#sort(id),
      onPick: (row) => this.#pick(row),
      onFocus: (row) => this.#charts.highlight(row < 0 ? undefined : row),
    });
    const compare = make('div', { class: 'runs-compare', 'data-compare': '', role: 'status' });
    find(this, '[data-tools]').replaceChildren(
      this.#field.element,
      make('div', { class: 'runs-actions' }, compare, this.#groups.chooser.element, this.#chooser.element),
    );
    find(this, '[data-clear]').addEventListener('click', () => this.#clear());
  }

  #clear(): void {
    const { columns, group, axes, x, y, colour, log, sort, withFailed, picked } = this.#state;
    this.#state = { ...noRunState(), columns, group, axes, x, y, colour, log, sort, withFailed, picked };
    this.#condition = parseCondition('', this.#store.columns);
    this.#field.set('');
    this.#choose({});
  }

  #prepareGrid(): void {
    this.#grid = runGrid(find(this, '[role=grid]'), find(this, '[role=grid] [data-head]'), this.#store, {
      rowAt: (position) => this.#rows[position] ?? -1,
      isPicked: (row) => this.#state.picked.includes(this.#store.slug(row)),
      isBest: ({ id }, value, row) => this.#best.get(id) === value && isResult(this.#store, row),
      onPick: (row) => this.#pick(row),
      onSort: (id) => this.#sort(id),
      onFocus: (row) => this.#charts.highlight(row < 0 ? undefined : row),
    });
  }

  #fail(error: unknown): void {
    this.classList.remove('runs-live');
    const note = find(this, '[data-count]');
    const reason = error instanceof Error ? error.message : String(error);
    note.textContent = `${formatCount(Number(this.dataset['total']))} recorded. The data files could not be read (${reason}); the newest runs are listed below.`;
  }
}
