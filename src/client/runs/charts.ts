import { formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { AxisRange } from '../../charts/axis-scale.ts';
import type { ColourGroups } from '../../charts/colour-groups.ts';
import type { TableColumn } from '../../data/runs/table-columns.ts';
import { make } from '../dom.ts';
import { ChartPlan, rowsWithLine } from './chart-plan.ts';
import { axisTools, chartPanel, columnSelect, showLegend } from './chart-tools.ts';
import { columnChooser } from './column-chooser.ts';
import type { RunMatches } from './matches.ts';
import { maxLines, ParallelView } from './parallel-view.ts';
import { maxPoints, ScatterView } from './scatter-view.ts';
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
  // One run tells nothing by lines and points.
  root.hidden = store.total < 2;
  const plan = new ChartPlan(store);
  const onLog = (id: string, log: boolean) =>
    events.change({ log: new Map([...events.state().log, [id, log]]) });
  const common = {
    onPick: events.pick,
    describe: (row: number) => plan.describe(row, plan.chosen(events.state()).axes),
  };
  const parallel = parallelPanel(root, plan, events);
  const lines: ParallelView = new ParallelView(parallel.body, parallelHeight, {
    ...common,
    onBrush: events.brush,
    onLog,
    onHover: (row) => points.highlight(row),
  });
  const scatter = chartPanel(root, 'scatter');
  const x = axisTools('across', plan.columns, (id) => events.change({ x: id }), onLog);
  const y = axisTools('up', plan.columns, (id) => events.change({ y: id }), onLog);
  scatter.head.replaceChildren(y.select, y.log, make('span', { class: 'pale' }, 'over'), x.select, x.log);
  const points: ScatterView = new ScatterView(scatter.body, scatterHeight, {
    ...common,
    onHover: (row) => lines.highlight(row),
  });

  return {
    highlight(row) {
      lines.highlight(row);
      points.highlight(row);
    },
    async draw({ rows, unbrushed }, state, picked) {
      const chosen = plan.chosen(state);
      const shown = [...chosen.axes, chosen.x, chosen.y, chosen.colour];
      await store.need(shown.flatMap((column) => column?.id ?? []));
      const inside = new Set(rows);
      const looks = {
        isIn: (row: number) => inside.has(row),
        isPicked: (row: number) => picked.has(row),
        groups: plan.colourGroups(chosen.colour, unbrushed),
      };
      const asAxis = (column: TableColumn) => plan.axisOf(column, state.log.get(column.id));
      const axes = chosen.axes.map(asAxis);
      const drawn = rowsWithLine(unbrushed, axes);
      lines.draw({ ...looks, columns: axes, rows: drawn, brushes: state.brushes });
      parallel.say(drawn, chosen.colour, looks.groups);
      if (chosen.x === undefined || chosen.y === undefined) return;
      const statusOf = (row: number) => store.status(row);
      const scales = points.draw({
        ...looks,
        x: asAxis(chosen.x),
        y: asAxis(chosen.y),
        rows: unbrushed,
        statusOf,
      });
      x.set(chosen.x.id, scales.x);
      y.set(chosen.y.id, scales.y);
      scatter.head.title =
        unbrushed.length > maxPoints ? `At most ${formatCount(maxPoints)} points are drawn.` : '';
    },
  };
}

/** The panel of the parallel coordinates, with what is chosen for both charts and the words beside them. */
function parallelPanel(root: HTMLElement, plan: ChartPlan, events: RunChartEvents) {
  const { head, body } = chartPanel(root, 'parallel');
  const chooser = columnChooser({
    title: 'Axes',
    columns: plan.columns,
    chosen: () => plan.chosen(events.state()).axes.map(({ id }) => id),
    onChange: (axes) => events.change({ axes }),
    most: maxAxes,
  });
  const colours = columnSelect('Colour', plan.colours(), (id) =>
    events.change({ colour: id === 'status' ? undefined : id }),
  );
  const note = make('p', { class: 'pale' });
  const legend = make('ul', { class: 'legend' });
  const tools = make('span', { class: 'chart-tools' }, colours.element, chooser.element);
  head.replaceChildren(make('h2', {}, 'Parallel coordinates'), note, tools);
  body.after(legend);
  return {
    body,
    say(rows: readonly number[], colour: TableColumn, groups: ColourGroups) {
      showLegend(legend, groups, colour, rows);
      const all = plural(rows.length, 'run');
      note.textContent = rows.length > maxLines ? `${formatCount(maxLines)} of ${all} drawn` : all;
      chooser.update();
      colours.set(colour.id);
    },
  };
}
