import { plainText } from '../../../collector/base/format/plain.ts';
import { make, makeSvg } from '../dom.ts';

/** What readers do with the runs of a chart. */
export interface RunPointerEvents {
  onHover(row: number | undefined): void;
  onPick(row: number): void;
  describe(row: number): string;
}

/** What a chart knows of the pointer. */
export interface PointedChart {
  /** The run under the pointer. */
  rowAt(event: PointerEvent): number | undefined;
  highlight(row: number | undefined): void;
  /** Whether a click here chooses the run; where this is left out, all do. */
  canPick?(event: PointerEvent): boolean;
}

/** Lets the runs of a chart be pointed at, named beside the pointer, and picked; gives the element for the words. */
export function pointAtRuns(
  svg: SVGElement,
  root: HTMLElement,
  events: RunPointerEvents,
  chart: PointedChart,
): HTMLElement {
  const tip = make('output', { class: 'chart-tip', hidden: true });
  let seen: number | undefined;
  const point = (row: number | undefined) => {
    seen = row;
    chart.highlight(row);
    events.onHover(row);
    tip.hidden = row === undefined;
  };
  svg.addEventListener('pointermove', (event) => {
    point(chart.rowAt(event));
    if (seen === undefined) return;
    tip.textContent = plainText(events.describe(seen));
    // On the side where the words have room.
    const box = root.getBoundingClientRect();
    const left = event.clientX - box.left;
    tip.style.left = `${left}px`;
    tip.style.top = `${event.clientY - box.top}px`;
    tip.classList.toggle('chart-tip-left', left > box.width * 0.6);
  });
  svg.addEventListener('pointerleave', () => point(undefined));
  svg.addEventListener('click', (event) => {
    if (seen !== undefined && chart.canPick?.(event as PointerEvent) !== false) events.onPick(seen);
  });
  return tip;
}

/** Calls `redraw` when the width of a chart has become another than the one it was drawn for. */
export function onWidth(svg: SVGElement, drawnWidth: () => number, redraw: () => void): void {
  new ResizeObserver(() => {
    if (Math.abs(svg.clientWidth - drawnWidth()) > 1) redraw();
  }).observe(svg);
}

/** Marks of many rows in few elements; `size` rows share one, so that lines over lines still look dense. */
export function pathsOf(
  { className, rows }: { className: string; rows: readonly number[] },
  size: number,
  markOf: (row: number) => string,
): SVGElement[] {
  const parts = Array.from({ length: Math.ceil(rows.length / size) }, (_, at) =>
    rows.slice(at * size, (at + 1) * size),
  );
  return parts.map((part) => makeSvg('path', { class: className, d: part.map(markOf).join('') }));
}
