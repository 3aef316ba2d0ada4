import { type CurveAxis, curveAxes, placesOn, type RunClock } from '../../../charts/curve-axis.ts';
import { extentOf } from '../../../charts/curve-reading.ts';
import { parseJson } from '../../../data/browser.ts';
import {
  axesOfRuns,
  axisFor,
  type BesideRun,
  type CurveMetric,
  type CurveRun,
  clocksOf,
  curveMetrics,
  linesOf,
} from '../../../parts/runs/curve-cards.tsx';
import { addressParameters, changeAddress } from '../../actions/view-state.ts';
import { find } from '../../dom.ts';
import { Once } from '../../once.ts';
import { RunDetailsStore } from '../details-store.ts';
import { CurveCard } from './card.ts';
import { ExactLines } from './exact-lines.ts';
import { addCard, earlierPointsOf, type GrownCurves, grown } from './growing.ts';
import { listenTo } from './pointer.ts';
import { type CurvesState, curvesParameters, parseCurvesState, toggled, zoomed } from './state.ts';
import { curveTools } from './tools.ts';

type Places = Partial<Record<CurveAxis, number>>;

/** `<daybook-curves>`: takes over the printed charts; they share one axis, one crosshair and one state, which the address holds. */
export class DaybookCurves extends HTMLElement {
  /** The runs with their series, where whoever makes the element has them: nothing is read then. */
  given: CurveRun[] | undefined;
  #state!: CurvesState;
  #store!: RunDetailsStore;
  #runs: CurveRun[] = [];
  #others: BesideRun[] = [];
  #beside: CurveRun | undefined;
  #clocks = new Map<string, RunClock>();
  #axes: CurveAxis[] = ['step'];
  #cards: CurveCard[] = [];
  #tools: ReturnType<typeof curveTools> | undefined;
  #watch: IntersectionObserver | undefined;
  /** Charts that are on the screen or near it; the others are drawn when they come. */
  readonly #near = new Set<CurveCard>();
  readonly #stale = new Set<CurveCard>();
  readonly #exact = new Map<CurveCard, ExactLines>();
  #at: Places = {};
  /** Where the pointer or the keys are, and how far down. */
  #pointed: { card: CurveCard; y: number } | undefined;
  #isBrushing = false;
  readonly #drawing = new Once();
  readonly #pointing = new Once();
  readonly #address = new Once();
  #started = false;

  connectedCallback(): void {
    if (this.#started) return;
    this.#started = true;
    this.#state = parseCurvesState(addressParameters(location.search, location.hash));
    const start = () => {
      seen.disconnect();
      this.#start().catch((error: unknown) => this.#trouble(error));
    };
    // Points travel only to those who come near the charts.
    const seen = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) start();
      },
      { rootMargin: '400px' },
    );
    seen.observe(this);
  }

  /** The page may go on without it: what waits must not touch the address of what comes next. */
  disconnectedCallback(): void {
    document.removeEventListener('daybook:curves', this.#follow);
    for (const lines of this.#exact.values()) lines.end();
    for (const waiting of [this.#drawing, this.#pointing, this.#address]) waiting.forget();
  }

  async #start(): Promise<void> {
    this.#store = await RunDetailsStore.shared(this.dataset['base'] ?? 'data/runs/');
    const named = parseJson(this.dataset['runs'] ?? '[]') as unknown as Omit<CurveRun, 'style' | 'series'>[];
    this.#others = parseJson(this.dataset['others'] ?? '[]') as unknown as BesideRun[];
    const read = async (run: (typeof named)[number], style: number) => ({
      ...run,
      style,
      series: await this.#store.curvesOf(run.slug),
    });
    this.#runs = this.given ?? (await Promise.all(named.map(read)));
    await this.#loadBeside();
    this.#makeTools();
    this.#makeCards();
    this.#drawAll();
    this.dataset['ready'] = '';
    document.addEventListener('daybook:curves', this.#follow);
    document.dispatchEvent(new Event('daybook:curves-wanted'));
  }

  /** Takes up curves that have grown while they are looked at; what was chosen stays. */
  readonly #follow = (event: Event): void => {
    const { slug, series, isWhole } = (event as CustomEvent<GrownCurves>).detail;
    this.#runs = this.#runs.map((run) =>
      run.slug === slug ? { ...run, series: isWhole ? series : grown(run.series, series) } : run,
    );
    this.#setClocks();
    const axes = this.#axes.join();
    this.#makeTools(axes);
    this.#makeCards();
    const names = new Set(series.map(({ name }) => name));
    this.#drawAll(
      axes === this.#axes.join() ? this.#cards.filter(({ metric }) => names.has(metric.name)) : this.#cards,
    );
  };

  /** The bar above the charts, unless it offers these axes already. */
  #makeTools(shown?: string): void {
    this.#axes = axesOfRuns(this.#runs);
    if (shown === this.#axes.join()) return;
    this.#tools = curveTools(find(this, '[data-tools]'), {
      axes: this.#axes,
      hasSeveral: this.#runs.length > 1,
      others: this.#others,
      onChange: (change) => this.#change(change),
    });
  }

  /** Takes over the charts that it has not yet, those that came since it began included. */
  #makeCards(): void {
    const metrics = new Map(curveMetrics(this.#runs).map((metric) => [metric.name, metric]));
    this.#watch ??= this.#watchCards();
    const roots = [...this.querySelectorAll<HTMLElement>('[data-metric]')];
    const known = new Set(this.#cards.map(({ root }) => root));
    const named = new Set(roots.map((root) => root.dataset['metric']));
    for (const metric of metrics.values()) if (!named.has(metric.name)) roots.push(addCard(this, metric));
    for (const root of roots) {
      const metric = metrics.get(root.dataset['metric'] ?? '');
      if (metric === undefined || known.has(root)) continue;
      this.#cards.push(this.#makeCard(root, metric));
      this.#watch.observe(root);
    }
  }

  #watchCards(): IntersectionObserver {
    return new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const card = this.#cards.find(({ root }) => root === target)!;
          if (!isIntersecting) this.#near.delete(card);
          else {
            this.#near.add(card);
            if (this.#stale.has(card)) this.#draw(card);
          }
        }
      },
      { rootMargin: '200px' },
    );
  }

  #makeCard(root: HTMLElement, metric: CurveMetric): CurveCard {
    const { name } = metric;
    const card = new CurveCard(root, metric, {
      onLog: (isOn) => this.#change({ log: toggled(this.#state.log, name, isOn) }, [card]),
      onEarlier: (isOn) => this.#change({ earlier: toggled(this.#state.earlier, name, isOn) }, [card]),
    });
    listenTo(card.surface, {
      placeAt: (clientX) => card.placeAt(clientX),
      onPoint: (x, y) => this.#point(card, x === undefined ? undefined : card.snapped(x), y),
      onBrush: (range) => this.#brush(card.axis, range),
      onZoom: (range) => this.#zoom(card.axis, range),
      onMove: (direction, times) => this.#point(card, card.next(this.#at[card.axis], direction, times), 0),
      onEnd: (direction) => this.#point(card, card.next(undefined, direction === 1 ? -1 : 1), 0),
      onScale: (factor) => this.#scale(card, factor),
    });
    return card;
  }

  #change(change: Partial<CurvesState>, cards: readonly CurveCard[] = this.#cards): void {
    this.#state = { ...this.#state, ...change };
    this.#address.later(() => changeAddress(curvesParameters(this.#state)));
    const isOther = change.beside !== undefined;
    (isOther ? this.#loadBeside() : Promise.resolve())
      .then(() => this.#drawAll(cards))
      .catch((error: unknown) => this.#trouble(error));
  }

  /** Reads the run that is to be drawn beside, where one is. */
  async #loadBeside(): Promise<void> {
    const wanted = this.#others.find(({ word }) => word === this.#state.beside);
    if (wanted === undefined) this.#beside = undefined;
    else {
      const { slug, name } = wanted;
      const series = await this.#store.curvesOf(slug);
      this.#beside = { slug, name, letter: wanted.word, style: 'ghost', series };
    }
    this.#setClocks();
  }

  #setClocks(): void {
    this.#clocks = clocksOf(this.#beside === undefined ? this.#runs : [this.#beside, ...this.#runs]);
  }

  /** Draws in the next frame what is on the screen, however often it was asked for until then. */
  #drawAll(cards: readonly CurveCard[] = this.#cards): void {
    this.#tools?.show(this.#state);
    for (const card of cards) this.#stale.add(card);
    this.#drawing.next(() => {
      if (this.#isBrushing) return;
      for (const card of this.#stale) if (this.#near.has(card)) this.#draw(card);
    });
  }

  #draw(card: CurveCard): void {
    this.#stale.delete(card);
    const { state, metric } = { state: this.#state, metric: card.metric };
    const own = this.#runs.map((run) =>
      this.#beside === undefined || run.letter !== undefined ? run : { ...run, letter: 'this' },
    );
    const runs = this.#beside === undefined ? own : [this.#beside, ...own];
    const axis = axisFor(metric, state.axis, this.#axes);
    const [window, smooth] = [state.windows[axis], state.smooth];
    const lines = linesOf(metric.name, runs, this.#clocks, state.earlier.has(metric.name));
    card.draw({
      axis,
      window,
      smooth,
      log: state.log.has(metric.name),
      base: state.difference && this.#runs.length > 1 ? this.#runs[0]?.slug : undefined,
      ...this.#exactOf(card).show(lines, { axis, window, smooth }),
      whole: extentOf(lines.map(({ course, clock }) => ({ xs: placesOn(axis, course, clock), values: [] }))),
      earlierPoints: earlierPointsOf(metric.name, this.#runs),
    });
    card.point(this.#at[axis], this.#pointed?.card === card ? this.#pointed : undefined);
  }

  #exactOf(card: CurveCard): ExactLines {
    const exact = this.#exact.get(card) ?? new ExactLines(this.#store.exact, () => this.#drawAll([card]));
    this.#exact.set(card, exact);
    return exact;
  }

  /** Moves the crosshair of all charts to a place of one of them; other axes follow by the point that stands there. */
  #point(card: CurveCard, x: number | undefined, y: number): void {
    this.#at = {};
    this.#pointed = x === undefined ? undefined : { card, y };
    if (x !== undefined) {
      this.#at[card.axis] = x;
      const source = card.sourceAt(x);
      for (const axis of curveAxes) {
        if (axis === card.axis || source === undefined) continue;
        const place = placesOn(axis, source.line.course, source.line.clock)[source.at];
        if (place !== undefined && Number.isFinite(place)) this.#at[axis] = place;
      }
    }
    this.#pointing.next(() => {
      for (const one of this.#near)
        one.point(this.#at[one.axis], one === this.#pointed?.card ? this.#pointed : undefined);
    });
  }

  #brush(axis: CurveAxis, range: readonly [number, number] | undefined): void {
    for (const card of this.#near) card.brush(card.axis === axis ? range : undefined);
    const wasBrushing = this.#isBrushing;
    this.#isBrushing = range !== undefined;
    // What came in the meantime would have moved the places under the pointer.
    if (wasBrushing && !this.#isBrushing) this.#drawAll([]);
  }

  #zoom(axis: CurveAxis, range: readonly [number, number] | undefined): void {
    const { [axis]: _, ...others } = this.#state.windows;
    if (range === undefined && this.#state.windows[axis] === undefined) return;
    this.#change({ windows: range === undefined ? others : { ...others, [axis]: range } });
  }

  /** Zooms around the crosshair, as the keys do. */
  #scale(card: CurveCard, factor: number): void {
    const { axis } = card;
    const whole = card.extent();
    if (whole === undefined) return;
    const window = this.#state.windows[axis];
    const [from, to] = window ?? whole;
    this.#zoom(axis, zoomed(window, whole, this.#at[axis] ?? (from + to) / 2, factor));
  }

  #trouble(error: unknown): void {
    find(this, '[data-tools]').textContent = `The points of the curves could not be read: ${String(error)}`;
  }
}
