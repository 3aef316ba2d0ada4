import { formatCount } from '../../../collector/base/format/number.ts';
import { formatDay, formatTime } from '../../../collector/base/format/time.ts';
import { edgeOf, movedRange, type TimeRange, wholeRange } from '../../charts/brush-keys.ts';
import {
  type Bin,
  binUnit,
  brushRange,
  brushSpan,
  emptyBins,
  histogram,
  noCounts,
} from '../../charts/histogram.ts';
import { statusOrder } from '../../charts/status-shape.ts';
import { find, make, makeSvg } from '../dom.ts';

/** The histogram above the table: all rows pale, the matching ones in the colours of their status, and a brush over both. */
export interface Timeline {
  bins: readonly Bin[];
  /** Draws counts of the matching rows: by bin, then by status code. */
  draw(matching: Uint32Array): void;
  /** Shows a chosen range, or none. */
  choose(range: TimeRange | undefined): void;
}

const maxBins = 160;

/** Bins for a range of time, narrow enough to show something and few enough to be bars. */
export function timelineBins(firstUs: number, lastUs: number): Bin[] {
  return emptyBins(firstUs, lastUs, binUnit(firstUs, lastUs, maxBins));
}

/** Takes over the chart inside `root` and reports ranges as they are brushed. */
export function timeline(
  root: HTMLElement,
  bins: Bin[],
  statuses: string[],
  all: () => Uint32Array,
  onBrush: (range: TimeRange | undefined) => void,
): Timeline {
  const plot = find<SVGSVGElement>(root, 'svg.plot');
  const height = plot.clientHeight || 96;
  const frame = make('div', { class: 'brush' });
  const window = make('div', { class: 'brush-window', hidden: true });
  const handles = (['from', 'to'] as const).map((end) =>
    make('div', {
      class: `brush-handle brush-${end}`,
      role: 'slider',
      tabindex: 0,
      'aria-label': end === 'from' ? 'Beginning of the time shown' : 'End of the time shown',
      'aria-valuemin': 0,
      'aria-valuemax': bins.length,
    }),
  ) as unknown as [HTMLElement, HTMLElement];
  const label = make('output', { class: 'brush-label', hidden: true });
  frame.append(window, ...handles, label);
  plot.parentElement!.append(frame);
  let chosen: TimeRange | undefined;

  const show = () => {
    const span = chosen === undefined ? undefined : brushSpan(bins, chosen.fromUs, chosen.toUs, 100);
    window.hidden = span === undefined;
    frame.classList.toggle('brush-active', span !== undefined);
    if (span !== undefined) {
      window.style.left = `${span.x}%`;
      window.style.width = `${Math.max(span.width, 0.15)}%`;
    }
    const ends = span === undefined ? [0, 100] : [span.x, span.x + span.width];
    const range = chosen ?? wholeRange(bins);
    for (const [at, handle] of handles.entries()) {
      handle.style.left = `${ends[at]}%`;
      const us = at === 0 ? range.fromUs : range.toUs;
      handle.setAttribute('aria-valuenow', String(edgeOf(bins, us)));
      handle.setAttribute('aria-valuetext', `${formatTime(us)} UTC`);
    }
  };
  const choose = (range: TimeRange | undefined) => {
    const covers =
      range !== undefined && range.fromUs <= bins[0]!.fromUs && range.toUs >= bins[bins.length - 1]!.toUs;
    chosen = covers || range === undefined || range.fromUs >= range.toUs ? undefined : range;
    show();
  };
  const brush = (range: TimeRange | undefined) => {
    choose(range);
    onBrush(chosen);
  };

  brushByPointer(frame, handles, bins, () => chosen, brush);
  brushByKeys(handles, bins, () => chosen, brush);
  frame.addEventListener('pointermove', (event) => describe(event, frame, bins, all, statuses, label));
  frame.addEventListener('pointerleave', () => {
    label.hidden = true;
  });
  show();
  return {
    bins,
    choose,
    draw: (matching) => drawBars(plot, root, bins, statuses, all(), matching, height),
  };
}

function drawBars(
  plot: SVGSVGElement,
  root: HTMLElement,
  bins: Bin[],
  statuses: string[],
  all: Uint32Array,
  matching: Uint32Array,
  height: number,
): void {
  const whole = histogram(counted(bins, statuses, all), { width: 100, height, xTicks: 6 });
  const part = counted(bins, statuses, matching);
  const everything = all === matching || all.every((count, at) => count === matching[at]);
  const scale = whole.max === 0 ? 0 : height / whole.max;
  plot.replaceChildren(
    ...whole.yTicks.map(({ y }) => makeSvg('line', { class: 'gridline', x1: 0, x2: '100%', y1: y, y2: y })),
  );
  for (const [at, bar] of whole.bars.entries()) {
    if (bar.total === 0) continue;
    const place = { x: `${bar.x + bar.width * 0.07}%`, width: `${bar.width * 0.86}%` };
    if (!everything) {
      const tall = Math.max(1.5, bar.total * scale);
      plot.append(makeSvg('rect', { class: 'fill-rest', ...place, y: height - tall, height: tall }));
    }
    let y = height;
    for (const status of statusOrder) {
      const count = part[at]!.counts[status];
      if (count === 0) continue;
      const tall = Math.max(1.5, count * scale);
      y = Math.max(0, y - tall);
      plot.append(makeSvg('rect', { class: `fill-${status}`, ...place, y, height: tall }));
    }
  }
  const times = root.querySelector('svg.x-axis');
  const anchor = (x: number) => (x < 5 ? 'start' : x > 95 ? 'end' : 'middle');
  times?.replaceChildren(
    ...whole.xTicks.map(({ x, label }) =>
      makeSvg('text', { x: `${x}%`, y: 12, 'text-anchor': anchor(x) }, label),
    ),
  );
  const axis = root.querySelector('svg.y-axis');
  axis?.replaceChildren(
    ...whole.yTicks.map(({ y, value }) => makeSvg('text', { x: 8, y, dy: '0.35em' }, formatCount(value))),
  );
}

function counted(bins: Bin[], statuses: string[], counts: Uint32Array): Bin[] {
  return bins.map((bin, at) => {
    const byStatus = noCounts();
    for (const [code, status] of statuses.entries()) {
      byStatus[status as keyof typeof byStatus] = counts[at * statuses.length + code] ?? 0;
    }
    return { ...bin, counts: byStatus };
  });
}

function brushByPointer(
  frame: HTMLElement,
  handles: [HTMLElement, HTMLElement],
  bins: Bin[],
  chosen: () => TimeRange | undefined,
  brush: (range: TimeRange | undefined) => void,
): void {
  const place = (event: PointerEvent) => {
    const box = frame.getBoundingClientRect();
    return Math.max(0, Math.min(100, ((event.clientX - box.left) / box.width) * 100));
  };
  let anchor: number | undefined;
  let moved = false;
  frame.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    const span = chosen() === undefined ? undefined : brushSpan(bins, chosen()!.fromUs, chosen()!.toUs, 100);
    const at = handles.indexOf(event.target as HTMLElement);
    const ends = span === undefined ? [0, 100] : [span.x, span.x + span.width];
    // Anyone who takes one end holds the other in place.
    anchor = at === -1 ? place(event) : ends[1 - at];
    moved = at !== -1;
    frame.setPointerCapture(event.pointerId);
    event.preventDefault();
    if (at !== -1) handles[at]!.focus();
  });
  frame.addEventListener('pointermove', (event) => {
    if (anchor === undefined) return;
    if (Math.abs(place(event) - anchor) > 0.4) moved = true;
    if (moved) brush(brushRange(bins, anchor, place(event), 100));
  });
  frame.addEventListener('pointerup', (event) => {
    if (anchor !== undefined && !moved)
      brush(chosen() === undefined ? brushRange(bins, place(event), place(event), 100) : undefined);
    anchor = undefined;
  });
  frame.addEventListener('pointercancel', () => {
    anchor = undefined;
  });
}

function brushByKeys(
  handles: [HTMLElement, HTMLElement],
  bins: Bin[],
  chosen: () => TimeRange | undefined,
  brush: (range: TimeRange | undefined) => void,
): void {
  for (const [end, handle] of handles.entries()) {
    handle.addEventListener('keydown', (event) => {
      const range = movedRange(bins, chosen(), end === 0 ? 'from' : 'to', event.key, event.shiftKey ? 10 : 1);
      if (range === undefined) return;
      event.preventDefault();
      brush(range);
    });
  }
}

function describe(
  event: PointerEvent,
  frame: HTMLElement,
  bins: Bin[],
  all: () => Uint32Array,
  statuses: string[],
  label: HTMLElement,
): void {
  const box = frame.getBoundingClientRect();
  const share = (event.clientX - box.left) / box.width;
  const range = brushRange(bins, share * 100, share * 100, 100);
  const at = range === undefined ? -1 : bins.findIndex((bin) => bin.fromUs === range.fromUs);
  if (at === -1) return;
  const counts = all().subarray(at * statuses.length, (at + 1) * statuses.length);
  const parts = statuses
    .map((status, code) => [counts[code]!, status] as const)
    .filter(([count]) => count > 0);
  const when =
    bins[at]!.fromUs % 86_400e6 === 0
      ? formatDay(bins[at]!.fromUs)
      : formatTime(bins[at]!.fromUs).slice(0, 16);
  label.textContent = `${when}: ${parts.length === 0 ? 'nothing' : parts.map(([count, status]) => `${formatCount(count)} ${status}`).join(', ')}`;
  label.hidden = false;
  label.style.left = `${Math.max(0, Math.min(share * 100, 100))}%`;
  label.classList.toggle('brush-label-left', share > 0.6);
}
