import { formatCount } from '../../../collector/base/format/number.ts';
import type { AxisRange } from '../../charts/axis-scale.ts';
import {
  type ParallelAxis,
  type ParallelChart,
  type ParallelColumn,
  parallelChart,
} from '../../charts/parallel.ts';
import { nearestRow, type RowLayers, type RowLooks, rowLayers } from '../../charts/row-layers.ts';
import { make, makeSvg } from '../dom.ts';
import { onWidth, pathsOf, pointAtRuns, type RunPointerEvents } from './chart-pointer.ts';

/** What is drawn: rows that fulfil all but the brushes, and which of them fulfil those too. */
export interface ParallelContent extends RowLooks {
  columns: readonly ParallelColumn[];
  rows: readonly number[];
  brushes: ReadonlyMap<string, AxisRange>;
}

/** What readers do with it. */
export interface ParallelEvents extends RunPointerEvents {
  onBrush(id: string, range: AxisRange | undefined): void;
  onLog(id: string, log: boolean): void;
}

/** A million runs do not draw a million lines. */
export const maxLines = 2000;

const manyLines = 300;
const linesPerPath = 20;
const grab = 14;
const near = 7;
const [left, top] = [4, 6];

/** Parallel coordinates that answer to the pointer. */
export class ParallelView {
  readonly #height: number;
  readonly #events: ParallelEvents;
  readonly #names = make('div', { class: 'axis-names' });
  readonly #over = makeSvg('path', { class: 'line line-over' });
  readonly #svg: SVGElement;
  #content: ParallelContent | undefined;
  #drawn: { chart: ParallelChart; rows: RowLayers; width: number } | undefined;
  #brushing: { axis: ParallelAxis; from: number; moved: boolean } | undefined;

  /** Draws into `root`, which keeps its height. */
  constructor(root: HTMLElement, height: number, events: ParallelEvents) {
    this.#height = height;
    this.#events = events;
    this.#svg = makeSvg('svg', { class: 'parallel', width: '100%', height: height + 32, role: 'img' });
    const tip = pointAtRuns(this.#svg, root, events, {
      rowAt: (event) => this.#rowAt(event),
      highlight: (row) => this.highlight(row),
      canPick: (event) => this.#axisAt(this.#point(event).x) === undefined,
    });
    root.replaceChildren(this.#names, this.#svg, tip);
    onWidth(
      this.#svg,
      () => this.#drawn?.width ?? 0,
      () => this.#redraw(),
    );
    this.#prepareBrush();
  }

  draw(content: ParallelContent): void {
    this.#content = content;
    this.#redraw();
  }

  /** Marks one run, as another chart or the table points at it. */
  highlight(row: number | undefined): void {
    if (row === undefined || this.#drawn === undefined) this.#over.removeAttribute('d');
    else this.#over.setAttribute('d', this.#drawn.chart.lineOf(row));
  }

  #redraw(): void {
    if (this.#content === undefined) return;
    const { columns, brushes } = this.#content;
    const [svg, height] = [this.#svg, this.#height];
    const width = Math.max(200, svg.clientWidth);
    const chart = parallelChart(columns, this.#content.rows, { width: width - 2 * left, height });
    const rows = rowLayers('line', this.#content.rows, maxLines, this.#content);
    this.#drawn = { chart, rows, width };
    svg.classList.toggle('parallel-dense', rows.inside.length > manyLines);
    const over = columns.map(({ label }) => label).join(', ');
    svg.setAttribute(
      'aria-label',
      `Parallel coordinates of ${formatCount(rows.inside.length)} runs over ${over}`,
    );
    const layers = [...rows.layers, { className: 'line line-picked', rows: rows.picked }];
    svg.replaceChildren(
      makeSvg(
        'g',
        { transform: `translate(${left} ${top})` },
        ...layers.flatMap((layer) => pathsOf(layer, linesPerPath, chart.lineOf)),
        this.#over,
        ...chart.axes.map((axis) => axisMarks(axis, height, brushes.get(axis.id))),
        chart.below > 0 && makeSvg('text', { class: 'axis-tick', x: 0, y: height + 22 }, 'none'),
      ),
    );
    this.#over.removeAttribute('d');
    drawNames(this.#names, chart.axes, width, this.#events);
  }

  #point(event: PointerEvent): { x: number; y: number } {
    const box = this.#svg.getBoundingClientRect();
    return { x: event.clientX - box.left - left, y: event.clientY - box.top - top };
  }

  #axisAt(x: number): ParallelAxis | undefined {
    return this.#drawn?.chart.axes.find((axis) => Math.abs(axis.x - x) <= grab);
  }

  /** The axis that a brush would take hold of. */
  #grabbed(event: PointerEvent): ParallelAxis | undefined {
    const { x, y } = this.#point(event);
    return y < -6 || y > this.#height + 6 ? undefined : this.#axisAt(x);
  }

  /** The run whose line passes closest under the pointer; none while an axis is brushed. */
  #rowAt(event: PointerEvent): number | undefined {
    if (this.#drawn === undefined || this.#brushing !== undefined) return undefined;
    const { chart, rows } = this.#drawn;
    const { x, y } = this.#point(event);
    return nearestRow(rows.inside, near, (row) => chart.distanceOf(row, x, y));
  }

  #prepareBrush(): void {
    const svg = this.#svg;
    svg.addEventListener('pointerdown', (event) => {
      const axis = this.#grabbed(event);
      if (event.button !== 0 || axis === undefined) return;
      this.#brushing = { axis, from: this.#height - this.#point(event).y, moved: false };
      svg.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    svg.addEventListener('pointermove', (event) => {
      const brush = this.#brushing;
      if (brush === undefined) {
        svg.classList.toggle('on-axis', this.#grabbed(event) !== undefined);
        return;
      }
      const to = this.#height - this.#point(event).y;
      if (Math.abs(to - brush.from) > 3) brush.moved = true;
      if (brush.moved) this.#events.onBrush(brush.axis.id, brush.axis.scale.between(brush.from, to));
    });
    svg.addEventListener('pointerup', () => {
      if (this.#brushing?.moved === false) this.#events.onBrush(this.#brushing.axis.id, undefined);
      this.#brushing = undefined;
    });
    svg.addEventListener('pointercancel', () => {
      this.#brushing = undefined;
    });
  }
}

function axisMarks(axis: ParallelAxis, height: number, brush: AxisRange | undefined): SVGElement {
  const span = brush === undefined ? undefined : axis.scale.spanOf(brush);
  const isEnd = axis.anchor === 'end';
  // Lines meet at the place of a category: its name stands above them.
  const dy = axis.scale.type === 'text' ? '-0.45em' : '0.35em';
  return makeSvg(
    'g',
    { class: 'axis', transform: `translate(${axis.x} 0)` },
    makeSvg('line', { y1: 0, y2: height }),
    span !== undefined &&
      makeSvg('rect', {
        class: 'axis-brush',
        x: -6,
        width: 12,
        y: height - Math.max(span.from, span.to),
        height: Math.max(3, Math.abs(span.to - span.from)),
      }),
    ...axis.ticks.map(({ y, label }) =>
      makeSvg(
        'text',
        { class: 'axis-tick', x: isEnd ? -6 : 6, y, dy, 'text-anchor': isEnd ? 'end' : 'start' },
        label,
      ),
    ),
  );
}

/** Names of the axes; where a logarithmic scale is possible they are buttons that switch to it and back. */
function drawNames(
  names: HTMLElement,
  axes: readonly ParallelAxis[],
  width: number,
  events: ParallelEvents,
): void {
  const focused = names.contains(document.activeElement)
    ? (document.activeElement as HTMLElement).dataset['axis']
    : undefined;
  names.replaceChildren(
    ...axes.map((axis) => {
      const { log, canLog } = axis.scale;
      const text = make('span', { class: 'clip' }, axis.label);
      const element = canLog
        ? make(
            'button',
            {
              type: 'button',
              class: 'axis-name',
              'data-axis': axis.id,
              'aria-pressed': String(log),
              title: `${axis.label}: ${log ? 'logarithmic' : 'linear'} scale; press to change`,
            },
            text,
            make('span', { class: 'axis-scale' }, log ? 'log' : 'lin'),
          )
        : make('span', { class: 'axis-name', title: axis.label }, text);
      if (canLog) element.addEventListener('click', () => events.onLog(axis.id, !log));
      element.classList.add(`axis-name-${axis.anchor}`);
      element.style.left = `${((axis.x + 4) / width) * 100}%`;
      const step = width / Math.max(1, axes.length - 1);
      element.style.maxWidth = `${Math.max(40, axis.anchor === 'middle' ? step * 0.95 - 8 : step * 0.6)}px`;
      return element;
    }),
  );
  if (focused !== undefined)
    [...names.querySelectorAll<HTMLElement>('[data-axis]')]
      .find((one) => one.dataset['axis'] === focused)
      ?.focus();
}
