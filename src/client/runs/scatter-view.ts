import { formatCount } from '../../../collector/base/format/number.ts';
import { plainText } from '../../../collector/base/format/plain.ts';
import { nearestRow, type RowLayers, type RowLooks, rowLayers } from '../../charts/row-layers.ts';
import { pointPath, type ScatterChart, type ScatterColumn, scatterChart } from '../../charts/scatter.ts';
import type { StatusName } from '../../charts/status-shape.ts';
import { make, makeSvg } from '../dom.ts';
import { onWidth, pathsOf, pointAtRuns, type RunPointerEvents } from './chart-pointer.ts';

/** What is drawn. */
export interface ScatterContent extends RowLooks {
  x: ScatterColumn & { label: string };
  y: ScatterColumn & { label: string };
  rows: readonly number[];
  statusOf(row: number): StatusName;
}

/** A million runs do not draw a million points. */
export const maxPoints = 4000;

const near = 12;
const pointsPerPath = 40;

/** A scatter plot that answers to the pointer. */
export class ScatterView {
  readonly #height: number;
  readonly #over = makeSvg('circle', { class: 'point-over', r: 6, visibility: 'hidden' });
  readonly #plot: SVGElement;
  readonly #xAxis: SVGElement;
  readonly #yAxis: SVGElement;
  #content: ScatterContent | undefined;
  #drawn: { chart: ScatterChart; rows: RowLayers; width: number } | undefined;

  /** Draws into `root`, which keeps its height. */
  constructor(root: HTMLElement, height: number, events: RunPointerEvents) {
    const axis = { width: '100%', 'aria-hidden': 'true' };
    this.#height = height;
    this.#yAxis = makeSvg('svg', { class: 'y-axis', height, ...axis });
    this.#plot = makeSvg('svg', { class: 'plot', width: '100%', height, role: 'img' });
    this.#xAxis = makeSvg('svg', { class: 'x-axis', height: 16, ...axis });
    const tip = pointAtRuns(this.#plot, root, events, {
      rowAt: (event) => this.#rowAt(event),
      highlight: (row) => this.highlight(row),
    });
    root.replaceChildren(make('div', { class: 'chart scatter' }, this.#yAxis, this.#plot, this.#xAxis), tip);
    onWidth(
      this.#plot,
      () => this.#drawn?.width ?? 0,
      () => this.#redraw(),
    );
  }

  /** Draws and says which scales came of it. */
  draw(content: ScatterContent): ScatterChart {
    this.#content = content;
    return this.#redraw()!;
  }

  highlight(row: number | undefined): void {
    const point = row === undefined ? undefined : this.#drawn?.chart.pointOf(row);
    this.#over.setAttribute('visibility', point === undefined ? 'hidden' : 'visible');
    if (point === undefined) return;
    this.#over.setAttribute('cx', String(point.x));
    this.#over.setAttribute('cy', String(point.y));
  }

  #redraw(): ScatterChart | undefined {
    if (this.#content === undefined) return undefined;
    const { x, y, statusOf } = this.#content;
    const width = Math.max(120, this.#plot.clientWidth);
    const chart = scatterChart({ x, y }, this.#content.rows, { width, height: this.#height });
    const placed = this.#content.rows.filter((row) => chart.pointOf(row) !== undefined);
    const rows = rowLayers('point', placed, maxPoints, this.#content);
    this.#drawn = { chart, rows, width };
    const label = `${y.label} over ${x.label} of ${formatCount(rows.inside.length)} runs`;
    this.#plot.setAttribute('aria-label', plainText(label));
    const markOf = (row: number) => pointPath(statusOf(row), chart.pointOf(row)!);
    this.#plot.replaceChildren(
      ...chart.yTicks.map((tick) =>
        makeSvg('line', { class: 'gridline', x1: 0, x2: '100%', y1: tick.y, y2: tick.y }),
      ),
      ...rows.layers.flatMap((layer) => pathsOf(layer, pointsPerPath, markOf)),
      ...rows.picked.map((row) => {
        const point = chart.pointOf(row)!;
        return makeSvg('circle', { class: 'point-picked', r: 5.5, cx: point.x, cy: point.y });
      }),
      this.#over,
    );
    this.#drawAxes(chart, width);
    return chart;
  }

  #drawAxes({ xTicks, yTicks }: ScatterChart, width: number): void {
    const anchor = (at: number) => (at < width * 0.05 ? 'start' : at > width * 0.92 ? 'end' : 'middle');
    this.#xAxis.replaceChildren(
      ...xTicks.map(({ x, label }) => makeSvg('text', { x, y: 12, 'text-anchor': anchor(x) }, label)),
    );
    const right = { x: '100%', dx: -8, dy: '0.35em', 'text-anchor': 'end' };
    this.#yAxis.replaceChildren(...yTicks.map(({ y, label }) => makeSvg('text', { ...right, y }, label)));
  }

  #rowAt(event: PointerEvent): number | undefined {
    if (this.#drawn === undefined) return undefined;
    const { chart, rows } = this.#drawn;
    const box = this.#plot.getBoundingClientRect();
    return nearestRow(rows.inside, near, (row) => {
      const point = chart.pointOf(row);
      return point && Math.hypot(point.x - event.clientX + box.left, point.y - event.clientY + box.top);
    });
  }
}
