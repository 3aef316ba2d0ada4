import { formatCount } from '../../../collector/base/format/number.ts';
import { plainText } from '../../../collector/base/format/plain.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { AxisRange } from '../../charts/axis-scale.ts';
import { type ColourGroups, statusGroups, valueGroups } from '../../charts/colour-groups.ts';
import type { ParallelColumn } from '../../charts/parallel.ts';
import { notRecorded } from '../../data/browser.ts';
import { canBeAxis } from '../../data/runs/chart-columns.ts';
import { axisTypeOf, axisValue, cellText, type TableColumn } from '../../data/runs/table-columns.ts';
import { make, makeSvg } from '../dom.ts';
import { columnChooser } from './column-chooser.ts';
import { titleOfRun } from './grid.ts';
import { type RunMatches, shownStatus } from './matches.ts';
import { maxLines, type ParallelView, parallelView } from './parallel-view.ts';
import { maxPoints, type ScatterView, scatterView } from './scatter-view.ts';
import type { RunStore } from './store.ts';
import type { RunViewState } from './view-state.ts';

/** Both charts of the page of runs and what is chosen for them. */
export interface RunCharts {
  /** Draws what matches; loads the columns it needs first. */
  draw(matches: RunMatches, state: RunViewState, picked: ReadonlySet<number>): Promise<void>;
  highlight(row: number | undefined): void;
}

/** What readers choose in the charts. */
export interface RunChartEvents {
  change(change: Partial<RunViewState>): void;
  brush(id: string, range: AxisRange | undefined): void;
  pick(row: number): void;
  state(): RunViewState;
}

const parallelHeight = 176;
const scatterHeight = 218;
const maxAxes = 12;

/** Takes over the printed charts inside `root`. */
export function runCharts(root: HTMLElement, store: RunStore, events: RunChartEvents): RunCharts {
  const all = store.columns.filter(canBeAxis);
  const byId = new Map(all.map((column) => [column.id, column]));
  const defaults = store.index.charts;
  const axesOf = (state: RunViewState) => (state.axes ?? defaults.axes).filter((id) => byId.has(id));
  const describe = (row: number) =>
    describeRun(
      store,
      row,
      axesOf(events.state()).map((id) => byId.get(id)!),
    );
  const common = { onPick: events.pick, describe };

  const chooser = columnChooser({
    title: 'Axes',
    columns: all,
    chosen: () => axesOf(events.state()),
    onChange: (axes) => events.change({ axes }),
    most: maxAxes,
  });
  const parallelHead = headOf(root, 'parallel', 'Parallel coordinates');
  const scatterHead = headOf(root, 'scatter', '');
  const legend = make('ul', { class: 'legend' });
  const colour = columnSelect('Colour', [byId.get('status')!, ...numeric(all)], (id) =>
    events.change({ colour: id === 'status' ? undefined : id }),
  );
  const note = make('p', { class: 'pale' });
  parallelHead.head.replaceChildren(
    make('h2', {}, 'Parallel coordinates'),
    note,
    make('span', { class: 'chart-tools' }, colour.element, chooser.element),
  );
  parallelHead.body.after(legend);
  const [x, y] = (['x', 'y'] as const).map((side) =>
    columnSelect(side === 'x' ? 'Across' : 'Up', all, (id) => events.change({ [side]: id })),
  ) as [ColumnSelect, ColumnSelect];
  const logs = (['x', 'y'] as const).map((side) =>
    logButton(side, (id, log) => events.change({ log: withLog(events.state(), id, log) })),
  );
  scatterHead.head.replaceChildren(
    y.element,
    logs[1]!.element,
    make('span', { class: 'pale' }, 'over'),
    x.element,
    logs[0]!.element,
  );

  const parallel: ParallelView = parallelView(parallelHead.body, parallelHeight, {
    ...common,
    onBrush: events.brush,
    onLog: (id, log) => events.change({ log: withLog(events.state(), id, log) }),
    onHover: (row) => scatter.highlight(row),
  });
  const scatter: ScatterView = scatterView(scatterHead.body, scatterHeight, {
    ...common,
    onHover: (row) => parallel.highlight(row),
  });

  return {
    highlight(row) {
      parallel.highlight(row);
      scatter.highlight(row);
    },
    async draw(matches, state, picked) {
      const axes = axesOf(state).map((id) => byId.get(id)!);
      const [across, up] = [
        byId.get(state.x ?? '') ?? byId.get(defaults.x),
        byId.get(state.y ?? '') ?? byId.get(defaults.y),
      ];
      const painted = byId.get(state.colour ?? 'status') ?? byId.get('status')!;
      const shown = [...axes, ...(across ? [across] : []), ...(up ? [up] : []), painted];
      await store.need(shown.map(({ id }) => id));
      const inside = new Set(matches.rows);
      const isIn = (row: number) => inside.has(row);
      const isPicked = (row: number) => picked.has(row);
      const groups = groupsOf(store, painted, matches.unbrushed);
      const asColumn = (column: TableColumn): ParallelColumn => ({
        id: column.id,
        label: column.label,
        type: axisTypeOf(column),
        log: state.log.get(column.id),
        valueAt: (row) => axisValue(store.value(row, column), column),
      });
      const columns = axes.map(asColumn);
      const rows = matches.unbrushed.filter((row) => saysEnough(row, columns));
      parallel.draw({ columns, rows, isIn, isPicked, groups, brushes: state.brushes });
      showLegend(legend, groups, painted, rows);
      const drawn = Math.min(rows.length, maxLines);
      note.textContent =
        drawn < rows.length
          ? `${formatCount(drawn)} of ${plural(rows.length, 'run')} drawn`
          : plural(rows.length, 'run');
      chooser.update();
      colour.set(painted.id);
      if (across === undefined || up === undefined) return;
      const chart = scatter.draw({
        x: asColumn(across),
        y: asColumn(up),
        rows: matches.unbrushed,
        isIn,
        isPicked,
        statusOf: (row) => store.status(row),
        groups,
      });
      x.set(across.id);
      y.set(up.id);
      logs[0]!.set(across.id, chart.x.log, chart.x.canLog);
      logs[1]!.set(up.id, chart.y.log, chart.y.canLog);
      scatterHead.head.title =
        matches.unbrushed.length > maxPoints ? `At most ${formatCount(maxPoints)} points are drawn.` : '';
    },
  };
}

/** A run has a line where it has a value on at least two axes, or on all of fewer. */
function saysEnough(row: number, columns: readonly ParallelColumn[]): boolean {
  let count = 0;
  for (const column of columns) {
    const value = column.valueAt(row);
    if (value !== undefined && value !== null) count += 1;
    if (count === 2) return true;
  }
  return false;
}

function groupsOf(store: RunStore, column: TableColumn, rows: readonly number[]): ColourGroups {
  if (column.id === 'status') {
    const isSilent = (row: number) =>
      store.status(row) !== 'unknown' || shownStatus(store, row) === notRecorded;
    return statusGroups((row) => store.status(row), rows.every(isSilent) ? notRecorded : undefined);
  }
  return valueGroups((row) => axisValue(store.value(row, column), column), rows);
}

function showLegend(
  list: HTMLElement,
  groups: ColourGroups,
  column: TableColumn,
  rows: readonly number[],
): void {
  const present = new Set(rows.map(groups.groupOf));
  list.replaceChildren(
    ...(column.id === 'status' ? [] : [make('li', {}, plainText(column.label))]),
    ...groups.groups.flatMap(({ className, label }, group) =>
      present.has(group)
        ? [
            make(
              'li',
              {},
              makeSvg(
                'svg',
                { class: 'swatch', width: 14, height: 10, 'aria-hidden': 'true' },
                makeSvg('path', { class: `line ${className}`, d: 'M0 5h14' }),
              ),
              label,
            ),
          ]
        : [],
    ),
  );
}

function describeRun(store: RunStore, row: number, axes: readonly TableColumn[]): string {
  const parts = axes.flatMap((column) => {
    const text = cellText(store.value(row, column), column);
    return text === '' || column.id === 'status' ? [] : [`${column.label} ${text}`];
  });
  return `${titleOfRun(store, row)}, ${shownStatus(store, row)}\n${parts.join('\n')}`;
}

function numeric(columns: readonly TableColumn[]): TableColumn[] {
  return columns.filter((column) => axisTypeOf(column) !== 'text');
}

function withLog(state: RunViewState, id: string, log: boolean): Map<string, boolean> {
  return new Map([...state.log, [id, log]]);
}

/** The printed chart of a kind, or a new place for it where there was too little to print. */
function headOf(root: HTMLElement, name: string, title: string): { head: HTMLElement; body: HTMLElement } {
  let panel = root.querySelector<HTMLElement>(`[data-${name}]`);
  if (panel === null) {
    panel = make('div', { class: `panel runs-${name}`, [`data-${name}`]: '' });
    root.append(panel);
  }
  const head = make('header', { class: 'chart-head' });
  const body = make('div', { class: 'chart-body', 'aria-label': title === '' ? undefined : title });
  body.removeAttribute('aria-label');
  panel.replaceChildren(head, body);
  return { head, body };
}

interface ColumnSelect {
  element: HTMLElement;
  set(id: string): void;
}

/** A list of columns of which one is chosen. */
function columnSelect(
  title: string,
  columns: readonly TableColumn[],
  onChange: (id: string) => void,
): ColumnSelect {
  const groups = { fixed: 'About the run', metric: 'Metrics', param: 'Parameters' } as const;
  const select = make(
    'select',
    { 'aria-label': title },
    ...(['fixed', 'metric', 'param'] as const).flatMap((group) => {
      const members = columns.filter((column) => column.group === group).slice(0, 500);
      const options = members.map(({ id, label }) => make('option', { value: id }, plainText(label)));
      return members.length === 0 ? [] : [make('optgroup', { label: groups[group] }, ...options)];
    }),
  );
  select.addEventListener('change', () => onChange(select.value));
  return {
    element: make('label', { class: 'select' }, ...(title === 'Colour' ? ['Colour '] : []), select),
    set(id) {
      select.value = id;
    },
  };
}

/** A button that makes an axis logarithmic, where it can be. */
function logButton(
  side: 'x' | 'y',
  onChange: (id: string, log: boolean) => void,
): { element: HTMLElement; set(id: string, log: boolean, canLog: boolean): void } {
  const element = make(
    'button',
    {
      type: 'button',
      class: 'tool log-toggle',
      'aria-label': `log scale ${side === 'x' ? 'across' : 'up'}`,
    },
    'log',
  );
  let now = { id: '', log: false };
  element.addEventListener('click', () => onChange(now.id, !now.log));
  return {
    element,
    set(id, log, canLog) {
      now = { id, log };
      element.setAttribute('aria-pressed', String(log));
      element.hidden = !canLog;
    },
  };
}
