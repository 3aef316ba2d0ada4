import { type ColourGroups, statusGroups, valueGroups } from '../../charts/colour-groups.ts';
import type { ParallelColumn } from '../../charts/parallel.ts';
import { notRecorded } from '../../data/browser.ts';
import { canBeAxis } from '../../data/runs/chart-columns.ts';
import { axisTypeOf, axisValue, cellText, type TableColumn } from '../../data/runs/table-columns.ts';
import { titleOfRun } from './grid.ts';
import { shownStatus } from './matches.ts';
import type { RunStore } from './store.ts';
import type { RunViewState } from './view-state.ts';

/** Which columns both charts show. */
export interface ChosenColumns {
  axes: TableColumn[];
  x: TableColumn | undefined;
  y: TableColumn | undefined;
  colour: TableColumn;
}

/** What the charts of runs show: which columns they can, which of them are chosen, and what each run is in them. */
export class ChartPlan {
  /** Columns that can be an axis. */
  readonly columns: readonly TableColumn[];
  readonly #store: RunStore;
  readonly #byId: ReadonlyMap<string, TableColumn>;

  constructor(store: RunStore) {
    this.columns = store.columns.filter(canBeAxis);
    this.#store = store;
    this.#byId = new Map(this.columns.map((column) => [column.id, column]));
  }

  /** What runs can be coloured by: their status, and columns whose values go from low to high. */
  colours(): TableColumn[] {
    return [this.#status(), ...this.columns.filter((column) => axisTypeOf(column) !== 'text')];
  }

  /** What a state of the page chooses, or what the charts of this book begin with; unknown columns are left out. */
  chosen(state: Pick<RunViewState, 'axes' | 'x' | 'y' | 'colour'>): ChosenColumns {
    const { charts } = this.#store.index;
    const column = (id: string | undefined) => this.#byId.get(id ?? '');
    return {
      axes: (state.axes ?? charts.axes).flatMap((id) => column(id) ?? []),
      x: column(state.x) ?? column(charts.x),
      y: column(state.y) ?? column(charts.y),
      colour: column(state.colour) ?? this.#status(),
    };
  }

  /** A column as a chart draws it; `log` where the reader chose its scale. */
  axisOf(column: TableColumn, log: boolean | undefined): ParallelColumn {
    const { id, label } = column;
    return { id, label, type: axisTypeOf(column), log, valueAt: (row) => this.#valueAt(row, column) };
  }

  colourGroups(column: TableColumn, rows: readonly number[]): ColourGroups {
    if (column.id !== 'status') return valueGroups((row) => this.#valueAt(row, column), rows);
    const store = this.#store;
    const isSilent = (row: number) =>
      store.status(row) !== 'unknown' || shownStatus(store, row) === notRecorded;
    return statusGroups((row) => store.status(row), rows.every(isSilent) ? notRecorded : undefined);
  }

  /** A run in words: its name and status, and its values on the axes. */
  describe(row: number, axes: readonly TableColumn[]): string {
    const values = axes.flatMap((column) => {
      const text = cellText(this.#store.value(row, column), column);
      return text === '' || column.id === 'status' ? [] : [`${column.label} ${text}`];
    });
    return `${titleOfRun(this.#store, row)}, ${shownStatus(this.#store, row)}\n${values.join('\n')}`;
  }

  #status(): TableColumn {
    return this.#byId.get('status')!;
  }

  #valueAt(row: number, column: TableColumn): ReturnType<ParallelColumn['valueAt']> {
    return axisValue(this.#store.value(row, column), column);
  }
}

/** Rows that have a line: a value on at least two axes. */
export function rowsWithLine(rows: readonly number[], axes: readonly ParallelColumn[]): number[] {
  return rows.filter((row) => {
    let count = 0;
    return axes.some(({ valueAt }) => (valueAt(row) ?? undefined) !== undefined && ++count === 2);
  });
}
