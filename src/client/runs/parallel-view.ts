import { plainText } from '../../../collector/base/format/plain.ts';
import type { AxisRange } from '../../charts/axis-scale.ts';
import type { ColourGroups } from '../../charts/colour-groups.ts';
import {
  type ParallelAxis,
  type ParallelChart,
  type ParallelColumn,
  parallelChart,
} from '../../charts/parallel.ts';
import { sampleRows } from '../../charts/sample-rows.ts';
import { make, makeSvg } from '../dom.ts';

/** What is drawn: rows that fulfil all but the brushes, and which of them fulfil those too. */
export interface ParallelContent {
  columns: readonly ParallelColumn[];
  rows: readonly number[];
  isIn(row: number): boolean;
  isPicked(row: number): boolean;
  groups: ColourGroups;
  brushes: ReadonlyMap<string, AxisRange>;
}

/** What readers do with it. */
export interface ParallelEvents {
  onBrush(id: string, range: AxisRange | undefined): void;
  onLog(id: string, log: boolean): void;
  onHover(row: number | undefined): void;
  onPick(row: number): void;
  describe(row: number): string;
}

/** Parallel coordinates that answer to the pointer. */
export interface ParallelView {
  draw(content: ParallelContent): void;
  /** Marks one run, as another chart or the table points at it. */
  highlight(row: number | undefined): void;
}

/** A million runs do not draw a million lines. */
export const maxLines = 2000;

const manyLines = 300;
const linesPerPath = 20;
const grab = 14;
const near = 7;

/** Draws into `root`, which keeps its height. */
export function parallelView(root: HTMLElement, height: number, events: ParallelEvents): ParallelView {
  const names = make('div', { class: 'axis-names' });
  const svg = makeSvg('svg', { class: 'parallel', width: '100%', height: height + 32, role: 'img' });
  const tip = make('output', { class: 'chart-tip', hidden: true });
  root.replaceChildren(names, svg, tip);
  const over = makeSvg('path', { class: 'line line-over' });
  let content: ParallelContent | undefined;
  let chart: ParallelChart | undefined;
  let drawn: number[] = [];
  let width = 0;

  const redraw = () => {
    if (content === undefined) return;
    width = Math.max(200, svg.clientWidth);
    const { columns, rows, isIn, isPicked, groups, brushes } = content;
    const made = parallelChart(columns, rows, { width: width - 8, height });
    chart = made;
    drawn = sampleRows(rows, maxLines, groups.groupOf);
    const inside = drawn.filter(isIn);
    svg.classList.toggle('parallel-dense', inside.length > manyLines);
    const outside = inside.length === drawn.length ? [] : drawn.filter((row) => !isIn(row));
    svg.setAttribute(
      'aria-label',
      `Parallel coordinates of ${inside.length} runs over ${columns.map(({ label }) => label).join(', ')}`,
    );
    svg.replaceChildren(
      makeSvg(
        'g',
        { transform: 'translate(4 6)' },
        ...paths(made, outside, () => 'line line-out'),
        ...groups.groups.flatMap(({ className }, group) =>
          paths(
            made,
            inside.filter((row) => groups.groupOf(row) === group),
            () => `line ${className}`,
          ),
        ),
        ...paths(made, drawn.filter(isPicked), () => 'line line-picked'),
        over,
        ...made.axes.map((axis) => axisMarks(axis, height, brushes.get(axis.id))),
        made.below > 0 && makeSvg('text', { class: 'axis-tick', x: 0, y: height + 22 }, 'none'),
      ),
    );
    over.removeAttribute('d');
    drawNames(names, made.axes, width, events);
  };

  new ResizeObserver(() => {
    if (Math.abs(svg.clientWidth - width) > 1) redraw();
  }).observe(svg);
  let seen: number | undefined;
  const highlight = (row: number | undefined) => {
    if (row === undefined || chart === undefined) over.removeAttribute('d');
    else over.setAttribute('d', chart.lineOf(row));
  };
  const point = (event: PointerEvent) => {
    const box = svg.getBoundingClientRect();
    return { x: event.clientX - box.left - 4, y: event.clientY - box.top - 6 };
  };
  const axisAt = (x: number) => chart?.axes.find((axis) => Math.abs(axis.x - x) <= grab);
  let brushing: { axis: ParallelAxis; from: number; moved: boolean } | undefined;

  svg.addEventListener('pointerdown', (event) => {
    const { x, y } = point(event);
    const axis = axisAt(x);
    if (event.button !== 0 || axis === undefined || y < -6 || y > height + 6) return;
    brushing = { axis, from: height - y, moved: false };
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  svg.addEventListener('pointermove', (event) => {
    const { x, y } = point(event);
    if (brushing !== undefined) {
      if (Math.abs(height - y - brushing.from) > 3) brushing.moved = true;
      if (brushing.moved)
        events.onBrush(brushing.axis.id, brushing.axis.scale.between(brushing.from, height - y));
      return;
    }
    svg.classList.toggle('on-axis', axisAt(x) !== undefined && y > -6 && y < height + 6);
    seen = chart === undefined ? undefined : nearestLine(chart, drawn, content, x, y, height);
    highlight(seen);
    events.onHover(seen);
    showTip(tip, root, seen === undefined ? '' : events.describe(seen), event);
  });
  svg.addEventListener('pointerup', () => {
    if (brushing !== undefined && !brushing.moved) events.onBrush(brushing.axis.id, undefined);
    brushing = undefined;
  });
  svg.addEventListener('pointercancel', () => {
    brushing = undefined;
  });
  svg.addEventListener('pointerleave', () => {
    seen = undefined;
    highlight(undefined);
    events.onHover(undefined);
    tip.hidden = true;
  });
  svg.addEventListener('click', (event) => {
    const { x } = point(event as PointerEvent);
    if (seen !== undefined && axisAt(x) === undefined) events.onPick(seen);
  });
  return {
    draw(next) {
      content = next;
      redraw();
    },
    highlight,
  };
}

/** Shows words beside the pointer, on the side where they have room. */
export function showTip(tip: HTMLElement, root: HTMLElement, text: string, event: PointerEvent): void {
  tip.hidden = text === '';
  if (text === '') return;
  tip.textContent = plainText(text);
  const box = root.getBoundingClientRect();
  const left = event.clientX - box.left;
  tip.style.left = `${left}px`;
  tip.style.top = `${event.clientY - box.top}px`;
  tip.classList.toggle('chart-tip-left', left > box.width * 0.6);
}

/** Few enough elements to be quick, enough that lines over lines look dense. */
function paths(chart: ParallelChart, rows: number[], classOf: () => string): SVGElement[] {
  const made: SVGElement[] = [];
  for (let at = 0; at < rows.length; at += linesPerPath) {
    const d = rows
      .slice(at, at + linesPerPath)
      .map(chart.lineOf)
      .join('');
    made.push(makeSvg('path', { class: classOf(), d }));
  }
  return made;
}

function axisMarks(axis: ParallelAxis, height: number, brush: AxisRange | undefined): SVGElement {
  const span = brush === undefined ? undefined : axis.scale.spanOf(brush);
  const isEnd = axis.anchor === 'end';
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
        { class: 'axis-tick', x: isEnd ? -6 : 6, y, dy: '0.35em', 'text-anchor': isEnd ? 'end' : 'start' },
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
      const text = make('span', { class: 'clip' }, plainText(axis.label));
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

/** The run whose line passes closest under the pointer. */
function nearestLine(
  chart: ParallelChart,
  rows: readonly number[],
  content: ParallelContent | undefined,
  x: number,
  y: number,
  height: number,
): number | undefined {
  const right = chart.axes.findIndex((axis) => axis.x >= x);
  if (right < 1 || content === undefined) return undefined;
  const [a, b] = [chart.axes[right - 1]!, chart.axes[right]!];
  const [from, to] = [content.columns[right - 1]!, content.columns[right]!];
  const share = (x - a.x) / Math.max(1, b.x - a.x);
  const at = (axis: ParallelAxis, column: ParallelColumn, row: number) => {
    const place = axis.scale.place(column.valueAt(row));
    return place === undefined ? height + chart.below : height - place;
  };
  let [best, distance]: [number | undefined, number] = [undefined, near];
  for (const row of rows) {
    if (!content.isIn(row)) continue;
    const away = Math.abs(at(a, from, row) * (1 - share) + at(b, to, row) * share - y);
    if (away < distance) [best, distance] = [row, away];
  }
  return best;
}
