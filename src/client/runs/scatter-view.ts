import { plainText } from '../../../collector/base/format/plain.ts';
import type { ColourGroups } from '../../charts/colour-groups.ts';
import { sampleRows } from '../../charts/sample-rows.ts';
import { pointPath, type ScatterChart, type ScatterColumn, scatterChart } from '../../charts/scatter.ts';
import type { StatusName } from '../../charts/status-shape.ts';
import { make, makeSvg } from '../dom.ts';
import { showTip } from './parallel-view.ts';

/** What is drawn. */
export interface ScatterContent {
  x: ScatterColumn & { label: string };
  y: ScatterColumn & { label: string };
  rows: readonly number[];
  isIn(row: number): boolean;
  isPicked(row: number): boolean;
  statusOf(row: number): StatusName;
  groups: ColourGroups;
}

/** What readers do with it. */
export interface ScatterEvents {
  onHover(row: number | undefined): void;
  onPick(row: number): void;
  describe(row: number): string;
}

/** A scatter plot that answers to the pointer. */
export interface ScatterView {
  draw(content: ScatterContent): ScatterChart;
  highlight(row: number | undefined): void;
}

/** A million runs do not draw a million points. */
export const maxPoints = 4000;

const near = 12;
const pointsPerPath = 40;

/** Draws into `root`, which keeps its height. */
export function scatterView(root: HTMLElement, height: number, events: ScatterEvents): ScatterView {
  const yAxis = makeSvg('svg', { class: 'y-axis', width: '100%', height, 'aria-hidden': 'true' });
  const plot = makeSvg('svg', { class: 'plot', width: '100%', height, role: 'img' });
  const xAxis = makeSvg('svg', { class: 'x-axis', width: '100%', height: 16, 'aria-hidden': 'true' });
  const tip = make('output', { class: 'chart-tip', hidden: true });
  const figure = make('div', { class: 'chart scatter' });
  figure.append(yAxis, plot, xAxis);
  root.replaceChildren(figure, tip);
  const over = makeSvg('circle', { class: 'point-over', r: 6, visibility: 'hidden' });
  let content: ScatterContent | undefined;
  let chart: ScatterChart | undefined;
  let drawn: number[] = [];
  let width = 0;

  const redraw = () => {
    if (content === undefined) return;
    width = Math.max(120, plot.clientWidth);
    const { x, y, rows, isIn, isPicked, groups, statusOf } = content;
    const made = scatterChart({ x, y }, rows, { width, height });
    chart = made;
    drawn = sampleRows(
      rows.filter((row) => made.pointOf(row) !== undefined),
      maxPoints,
      groups.groupOf,
    );
    const inside = drawn.filter(isIn);
    plot.setAttribute('aria-label', plainText(`${y.label} over ${x.label} of ${inside.length} runs`));
    const marks = (members: number[], className: string) => {
      const elements: SVGElement[] = [];
      for (let at = 0; at < members.length; at += pointsPerPath) {
        const part = members.slice(at, at + pointsPerPath);
        const d = part.map((row) => pointPath(statusOf(row), made.pointOf(row)!)).join('');
        elements.push(makeSvg('path', { class: className, d }));
      }
      return elements;
    };
    plot.replaceChildren(
      ...made.yTicks.map((tick) =>
        makeSvg('line', { class: 'gridline', x1: 0, x2: '100%', y1: tick.y, y2: tick.y }),
      ),
      ...(inside.length === drawn.length
        ? []
        : marks(
            drawn.filter((row) => !isIn(row)),
            'point point-out',
          )),
      ...groups.groups.flatMap(({ className }, group) =>
        marks(
          inside.filter((row) => groups.groupOf(row) === group),
          `point ${className}`,
        ),
      ),
      ...drawn.filter(isPicked).map((row) => {
        const point = made.pointOf(row)!;
        return makeSvg('circle', { class: 'point-picked', r: 5.5, cx: point.x, cy: point.y });
      }),
      over,
    );
    const anchor = (at: number) => (at < width * 0.05 ? 'start' : at > width * 0.92 ? 'end' : 'middle');
    xAxis.replaceChildren(
      ...made.xTicks.map((tick) =>
        makeSvg('text', { x: tick.x, y: 12, 'text-anchor': anchor(tick.x) }, tick.label),
      ),
    );
    yAxis.replaceChildren(
      ...made.yTicks.map((tick) =>
        makeSvg('text', { x: '100%', dx: -8, y: tick.y, dy: '0.35em', 'text-anchor': 'end' }, tick.label),
      ),
    );
  };
  const highlight = (row: number | undefined) => {
    const point = row === undefined ? undefined : chart?.pointOf(row);
    over.setAttribute('visibility', point === undefined ? 'hidden' : 'visible');
    if (point === undefined) return;
    over.setAttribute('cx', String(point.x));
    over.setAttribute('cy', String(point.y));
  };
  let seen: number | undefined;
  plot.addEventListener('pointermove', (event) => {
    const box = plot.getBoundingClientRect();
    seen = nearestPoint(chart, drawn, content, event.clientX - box.left, event.clientY - box.top);
    highlight(seen);
    events.onHover(seen);
    showTip(tip, root, seen === undefined ? '' : events.describe(seen), event);
  });
  plot.addEventListener('pointerleave', () => {
    seen = undefined;
    highlight(undefined);
    events.onHover(undefined);
    tip.hidden = true;
  });
  plot.addEventListener('click', () => {
    if (seen !== undefined) events.onPick(seen);
  });
  new ResizeObserver(() => {
    if (Math.abs(plot.clientWidth - width) > 1) redraw();
  }).observe(plot);
  return {
    draw(next) {
      content = next;
      redraw();
      return chart!;
    },
    highlight,
  };
}

function nearestPoint(
  chart: ScatterChart | undefined,
  rows: readonly number[],
  content: ScatterContent | undefined,
  x: number,
  y: number,
): number | undefined {
  if (chart === undefined || content === undefined) return undefined;
  let [best, distance]: [number | undefined, number] = [undefined, near];
  for (const row of rows) {
    const point = chart.pointOf(row);
    if (point === undefined || !content.isIn(row)) continue;
    const away = Math.hypot(point.x - x, point.y - y);
    if (away < distance) [best, distance] = [row, away];
  }
  return best;
}
