import { plural } from '../../../collector/base/format/words.ts';
import { nearestSnapshot } from '../../charts/time-travel.ts';
import { type FieldChart, fieldChart, fieldMoment } from '../../data/snapshots/field-chart.ts';
import type { FieldPoint } from '../../data/snapshots/field-histories.ts';
import { changesText, pinnedFieldPart, valuePart } from '../../parts/snapshots/pinned-field.ts';
import { changeAddress } from '../actions/view-state.ts';
import { find } from '../dom.ts';
import { print } from '../print.ts';
import type { FieldStore } from '../snapshots/field-store.ts';

/** The pinned fields below the slider. */
export interface TravelPins {
  /** Shows the values of a snapshot. */
  moveTo(number: number): void;
  add(path: string): Promise<void>;
  /** Shows these fields in place of the printed ones. */
  replace(paths: readonly string[]): Promise<void>;
}

/** What pins do beside showing themselves. */
export interface PinEffects {
  goTo(number: number): void;
  /** Called when rows came. */
  drawn(): void;
  failed(error: unknown): void;
}

interface Pin {
  points: FieldPoint[];
  chart: FieldChart;
}

const maxPins = 12;
/** So near to a change, in pixels, a click means the change. */
const near = 10;

/** Takes over the printed rows of pinned fields below `root`; `times` are those of all snapshots. */
export function travelPins(
  root: HTMLElement,
  times: number[],
  fields: () => Promise<FieldStore>,
  effects: PinEffects,
): TravelPins {
  const list = find(root, '[data-pins]');
  const pins = new Map<string, Pin>();
  let at = times.length - 1;
  const rows = () => [...list.querySelectorAll<HTMLElement>('[data-pin]')];
  const paths = () => rows().map((row) => row.dataset['pin']!);
  const rowOf = (path: string) => rows().find((row) => row.dataset['pin'] === path);

  /** Printed rows come with their drawing; their values are read when they are first needed. */
  const load = async (path: string): Promise<Pin | undefined> => {
    const known = pins.get(path);
    if (known !== undefined) return known;
    const store = await fields();
    if (!store.has(path)) return undefined;
    const points = await store.points(path);
    const pin = { points, chart: fieldChart(path, points, times) };
    pins.set(path, pin);
    return pin;
  };
  const drawValue = (row: HTMLElement, pin: Pin) => {
    const path = row.dataset['pin']!;
    const moment = fieldMoment(path, pin.points, times, at);
    const nowUs = Date.now() * 1000;
    find(row, '[data-value]').replaceWith(print(valuePart(pin.chart, moment, nowUs)));
    find(row, '[data-changes]').textContent = changesText(pin.points.length - 1, moment);
    for (const button of row.querySelectorAll<HTMLButtonElement>('[data-step-change]'))
      button.disabled = changeFrom(pin.points, at, Number(button.dataset['stepChange'])) === undefined;
  };
  const drawRow = (path: string, pin: Pin): HTMLElement => {
    const moment = fieldMoment(path, pin.points, times, at);
    const changes = pin.points.length - 1;
    const row = print(pinnedFieldPart({ path, chart: pin.chart, changes, moment }, Date.now() * 1000));
    list.append(row);
    drawValue(row as HTMLElement, pin);
    effects.drawn();
    return row as HTMLElement;
  };
  const remember = () => changeAddress({ pin: paths().length === 0 ? [''] : paths() });
  const drawValues = async () => {
    for (const row of rows()) {
      const pin = await load(row.dataset['pin']!);
      if (pin !== undefined) drawValue(row, pin);
    }
  };
  const say = (text: string) => {
    find(root, '[data-said]').textContent = text;
  };

  const add = async (path: string) => {
    const old = rowOf(path);
    if (old === undefined && rows().length >= maxPins) {
      say(`${plural(maxPins, 'field')} are pinned, which is as many as can be; unpin one first.`);
      return;
    }
    const pin = await load(path);
    if (pin === undefined) {
      say(`No field is called “${path}”.`);
      return;
    }
    const row = old ?? drawRow(path, pin);
    if (old === undefined) remember();
    row.scrollIntoView({ block: 'nearest' });
    say(`${path} is pinned: ${plural(pin.points.length - 1, 'change')}.`);
  };
  const unpin = (path: string) => {
    const row = rowOf(path);
    const next = (row?.nextElementSibling ?? row?.previousElementSibling)?.querySelector<HTMLElement>(
      '[data-unpin]',
    );
    row?.remove();
    remember();
    say(`${path} is no longer pinned.`);
    (next ?? root.querySelector<HTMLElement>('[data-add] input'))?.focus();
  };

  list.addEventListener('click', (event) => {
    const target = event.target as Element;
    const row = target.closest<HTMLElement>('[data-pin]');
    if (row === null) return;
    const path = row.dataset['pin']!;
    if (target.closest('[data-unpin]') !== null) {
      unpin(path);
      return;
    }
    const step = target.closest<HTMLElement>('[data-step-change]');
    const plot = target.closest<HTMLElement>('[data-plot]');
    if (step === null && plot === null) return;
    load(path).then((pin) => {
      if (pin === undefined) return;
      const to =
        step === null
          ? clicked(plot!, event.clientX, pin.points, times)
          : changeFrom(pin.points, at, Number(step.dataset['stepChange']));
      if (to !== undefined) effects.goTo(to);
    }, effects.failed);
  });
  const form = root.querySelector<HTMLFormElement>('[data-add]');
  form?.addEventListener('submit', (event) => {
    event.preventDefault();
    const input = find<HTMLInputElement>(form, 'input');
    const path = input.value.trim();
    if (path === '') return;
    add(path).then(() => {
      if (rowOf(path) !== undefined) input.value = '';
    }, effects.failed);
  });

  return {
    moveTo(number) {
      const isFirst = pins.size === 0 && number === times.length - 1;
      at = number;
      if (!isFirst) drawValues().catch(effects.failed);
    },
    add: (path) => add(path).catch(effects.failed),
    async replace(wanted) {
      list.replaceChildren();
      for (const path of wanted.slice(0, maxPins)) {
        const pin = await load(path);
        if (pin !== undefined) drawRow(path, pin);
      }
    },
  };
}

/** The snapshot of the next or last change seen from a snapshot. */
function changeFrom(points: readonly FieldPoint[], at: number, step: number): number | undefined {
  if (step > 0) return points.find(([number]) => number > at)?.[0];
  return points.findLast(([number], place) => number < at && place > 0)?.[0] ?? undefined;
}

/** The snapshot that a click on a chart means: the change beside it, or whatever is nearest. */
function clicked(
  plot: HTMLElement,
  clientX: number,
  points: readonly FieldPoint[],
  times: readonly number[],
): number {
  const box = plot.getBoundingClientRect();
  const wide = Math.max(1, box.width - 16);
  const [fromUs, toUs] = [times[0]!, times[times.length - 1]!];
  const us = fromUs + ((clientX - box.left - 8) / wide) * (toUs - fromUs);
  const nearUs = (near / wide) * (toUs - fromUs);
  let best: number | undefined;
  let bestUs = nearUs;
  for (const [number] of points.slice(1)) {
    const away = Math.abs(times[number]! - us);
    if (away > bestUs) continue;
    best = number;
    bestUs = away;
  }
  return best ?? nearestSnapshot(times, us);
}
