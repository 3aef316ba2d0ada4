import type { CurveAxis } from '../../../charts/curve-axis.ts';
import { type CurvePlan, planCurves } from '../../../charts/curve-plan.ts';
import { nearestAt, nextPlace } from '../../../charts/curve-reading.ts';
import { heightOf } from '../../../charts/curves.ts';
import {
  type CardLine,
  type CurveDetail,
  type CurveMetric,
  curveHeight,
  curveSize,
  figurePart,
} from '../../../parts/runs/curve-cards.tsx';
import { readingTable, readingText, readLines, shortReading } from '../../../parts/runs/curve-readout.tsx';
import { find, make, makeSvg } from '../../dom.ts';
import { print } from '../../print.ts';
import { type CardSwitches, cardHead } from './card-head.ts';

/** How a card is asked to look. */
export interface CardLook {
  axis: CurveAxis;
  window: readonly [number, number] | undefined;
  smooth: number;
  log: boolean;
  base: string | undefined;
  lines: readonly CardLine[];
  /** What these are of lines with more points than a chart. */
  detail: CurveDetail | undefined;
  /** First and last place of all there is, whatever is drawn of it. */
  whole: readonly [number, number] | undefined;
  /** How many points earlier attempts have, shown or not. */
  earlierPoints: number;
}

/** Space above the drawing, so that lines at the edge are not cut. */
const top = 4;
/** Between the crosshair and the table beside it. */
const apart = 12;
/** So far from the top of a chart the table beside the pointer begins at most. */
const lowest = 120;

/** One chart that answers: it takes over the printed one and draws the same, then what is asked for. */
export class CurveCard {
  readonly metric: CurveMetric;
  readonly root: HTMLElement;
  /** What takes the pointer and the keys; it stays while the drawing in it changes. */
  readonly surface: HTMLElement;
  readonly #reading: HTMLElement;
  readonly #tip = make('div', { class: 'curve-tip', hidden: true });
  readonly #over = makeSvg('svg', { class: 'curves-over', width: '100%', height: curveHeight + 2 * top });
  readonly #head: ReturnType<typeof cardHead>;
  #drawn: { look: CardLook; plan: CurvePlan } | undefined;

  constructor(root: HTMLElement, metric: CurveMetric, switches: CardSwitches) {
    this.root = root;
    this.metric = metric;
    this.surface = make('div', {
      class: 'curve-surface',
      tabindex: 0,
      role: 'slider',
      'aria-label': `${metric.name}: values at a place`,
      'aria-valuenow': 0,
    });
    this.#reading = find(root, '.curve-reading');
    this.#head = cardHead(find(root, '.small-head'), metric.name, switches);
    root.replaceChildren(find(root, '.small-head'), this.surface);
  }

  /** The axis it is drawn on now. */
  get axis(): CurveAxis {
    return this.#drawn?.look.axis ?? 'step';
  }

  draw(look: CardLook): void {
    const plan = planCurves(look.lines, look, curveSize);
    this.#drawn = { look, plan };
    this.surface.replaceChildren(
      print(figurePart(this.metric.name, look.axis, look.lines, plan, look.detail)),
      this.#tip,
    );
    this.surface.querySelector('.curves')?.append(this.#over);
    const earlier = look.lines.some(({ style }) => style === 'earlier');
    const { earlierPoints } = look;
    this.#head.show({ log: plan.chart.log, noLog: plan.noLog, earlier, earlierPoints });
    this.point(undefined);
  }

  /** First and last place of its lines. */
  extent(): readonly [number, number] | undefined {
    return this.#drawn?.look.whole;
  }

  /** The place under the pointer on the point of a line that is closest, and how far down the pointer is. */
  placeAt(clientX: number): number | undefined {
    const box = this.surface.querySelector('.curves-plot')?.getBoundingClientRect();
    const domain = this.#drawn?.plan.chart.domain?.x;
    if (box === undefined || box.width === 0 || domain === undefined) return undefined;
    const share = Math.min(1, Math.max(0, (clientX - box.left) / box.width));
    return domain[0] + share * (domain[1] - domain[0]);
  }

  /** The closest place with a point of a line in the window. */
  snapped(x: number): number {
    const domain = this.#drawn?.plan.chart.domain?.x;
    let found: number | undefined;
    for (const { xs } of this.#drawn?.plan.lines ?? []) {
      const at = nearestAt(xs, x);
      if (at === undefined || (found !== undefined && Math.abs(xs[at]! - x) >= Math.abs(found - x))) continue;
      if (domain === undefined || (xs[at]! >= domain[0] && xs[at]! <= domain[1])) found = xs[at]!;
    }
    return found ?? x;
  }

  /** The next place with a point, within the window. */
  next(x: number | undefined, direction: 1 | -1, times = 1): number | undefined {
    const domain = this.#drawn?.plan.chart.domain?.x;
    if (domain === undefined) return undefined;
    if (x === undefined) return this.snapped(direction === 1 ? domain[0] : domain[1]);
    let place = x;
    for (let done = 0; done < times; done++) {
      const ahead = nextPlace(this.#drawn?.plan.lines ?? [], place, direction);
      if (ahead < domain[0] || ahead > domain[1]) break;
      place = ahead;
    }
    return place;
  }

  /** Where the point of the first line stands on the other axes. */
  sourceAt(x: number): { line: CardLine; at: number } | undefined {
    const { look, plan } = this.#drawn ?? {};
    for (const [index, line] of (look?.lines ?? []).entries()) {
      const at = nearestAt(plan?.lines[index]?.xs ?? [], x);
      if (at !== undefined && line.style !== 'earlier') return { line, at };
    }
    return undefined;
  }

  /** Shows the values at a place: beside the pointer where `pointed` says how far down it is, else above the chart. */
  point(x: number | undefined, pointed?: { y: number }): void {
    const { look, plan } = this.#drawn ?? {};
    const share = x === undefined ? undefined : this.#shareOf(x);
    this.#tip.hidden = true;
    this.#reading.replaceChildren();
    for (const one of this.#over.querySelectorAll('.curve-cross, .curve-at')) one.remove();
    if (look === undefined || plan === undefined || x === undefined || share === undefined) return;
    const reads = readLines(look.lines, plan, x);
    const across = `${share * 100}%`;
    this.#over.append(
      makeSvg('line', { class: 'curve-cross', x1: across, x2: across, y1: top, y2: curveHeight + top }),
      ...reads.flatMap((read) => {
        const [place, y] = [this.#shareOf(read.x), heightOf(read.shown, plan.chart, curveHeight)];
        if (place === undefined || y === undefined) return [];
        const kind = `curve curve-${read.line.style} curve-at`;
        return [makeSvg('circle', { class: kind, cx: `${place * 100}%`, cy: y + top, r: 3.5 })];
      }),
    );
    this.surface.setAttribute('aria-valuenow', String(x));
    this.surface.setAttribute('aria-valuetext', readingText(look.axis, x, reads));
    if (pointed === undefined) this.#reading.append(print(shortReading(reads)));
    else
      this.#showTip(
        print(readingTable(look.axis, x, reads, drawnAs(look), look.detail?.kind === 'exact')),
        share,
        pointed.y,
      );
  }

  /** Shows which stretch is about to be chosen. */
  brush(range: readonly [number, number] | undefined): void {
    this.#over.querySelector('.curve-brush')?.remove();
    const ends = range?.map((x) => this.#shareOf(x, true)!);
    if (ends === undefined) return;
    const [from, to] = [Math.min(...ends), Math.max(...ends)];
    this.#over.prepend(
      makeSvg('rect', {
        class: 'curve-brush',
        x: `${from * 100}%`,
        width: `${(to - from) * 100}%`,
        y: top,
        height: curveHeight,
      }),
    );
  }

  #showTip(inside: Node, share: number, y: number): void {
    const plot = this.surface.querySelector('.curves-plot')?.getBoundingClientRect();
    const box = this.surface.getBoundingClientRect();
    if (plot === undefined) return;
    this.#tip.replaceChildren(inside);
    this.#tip.hidden = false;
    const at = plot.left - box.left + share * plot.width;
    const { offsetWidth: width } = this.#tip;
    const [before, behind] = [at - apart - width, at + apart];
    const hasRoom = before >= 0 || behind + width <= box.width;
    const beside = behind + width <= box.width && (share <= 0.5 || before < 0) ? behind : before;
    this.#tip.style.left = `${hasRoom ? beside : Math.max(0, Math.min(box.width - width, at - width / 2))}px`;
    // Where there is room on neither side it stands below, so that it does not cover what it speaks of.
    this.#tip.style.top = hasRoom ? `${Math.max(0, Math.min(lowest, y - 24))}px` : `${box.height + 4}px`;
  }

  #shareOf(x: number, cut = false): number | undefined {
    const domain = this.#drawn?.plan.chart.domain?.x;
    if (domain === undefined) return undefined;
    const share = (x - domain[0]) / (domain[1] - domain[0]);
    if (cut) return Math.min(1, Math.max(0, share));
    return share < -1e-9 || share > 1 + 1e-9 ? undefined : share;
  }
}

function drawnAs({ smooth, base }: CardLook): 'smoothed' | 'difference' | undefined {
  return base !== undefined ? 'difference' : smooth > 0 ? 'smoothed' : undefined;
}
