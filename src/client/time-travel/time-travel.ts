import { formatSpan } from '../../../collector/base/format/duration.ts';
import { formatCount } from '../../../collector/base/format/number.ts';
import { formatTime } from '../../../collector/base/format/time.ts';
import { actionBars, fewDaysUs, fineBins, nearestSnapshot, timeShare } from '../../charts/time-travel.ts';
import { momentHeadPart } from '../../parts/snapshots/moment.tsx';
import {
  actionBarsPart,
  markText,
  mostActionsText,
  stripHeights,
} from '../../parts/snapshots/time-travel.tsx';
import { changeAddress } from '../actions/view-state.ts';
import { dataFiles } from '../data-files.ts';
import { find } from '../dom.ts';
import { print } from '../print.ts';
import { FieldStore } from '../snapshots/field-store.ts';
import { SnapshotStore } from '../snapshots/store.ts';
import { TravelActions } from './actions.ts';
import { askedMoment, momentText, readMoment } from './address.ts';
import { type TravelDetails, travelDetails } from './details.ts';
import { TravelPins } from './pins.ts';

/** Snapshots that PageUp and PageDown pass over. */
const pageStep = 10;
/** While the slider moves, contents are read when it rests this long. */
const restMs = 60;

/** `<daybook-time-travel>`: the printed state moved to any moment; the address holds the moment and the pinned fields. */
export class DaybookTimeTravel extends HTMLElement {
  #store!: SnapshotStore;
  #details!: TravelDetails;
  #pins!: TravelPins;
  #fromUs = 0;
  #toUs = 0;
  #at = 0;
  #timer = 0;
  #started = false;

  connectedCallback(): void {
    if (this.#started) return;
    this.#started = true;
    if (this.querySelector('[data-axis]') === null) {
      this.dataset['ready'] = '';
      return;
    }
    this.#start().catch((error: unknown) => this.#say(`The data files could not be read: ${String(error)}`));
  }

  async #start(): Promise<void> {
    const base = this.dataset['base'] ?? 'data/';
    const files = (folder: string) => dataFiles(base + folder, folder);
    this.#fromUs = Number(this.dataset['from']);
    this.#toUs = Number(this.dataset['to']);
    this.#store = await SnapshotStore.open(files('snapshots/'));
    const { index } = this.#store;
    const fields = once(() => FieldStore.open(files('fields/'), index.ids));
    const actions = once(() => TravelActions.open(files('actions/')));
    this.#at = index.ids.length - 1;
    this.#details = travelDetails(this, this.#store, fields, actions);
    this.#pins = new TravelPins(this, index.atUs, fields, {
      goTo: (number) => this.#show(number),
      drawn: () => this.#drawCursors(),
      failed: (error) => this.#say(`The field could not be read: ${String(error)}`),
    });
    this.#prepareRange();
    this.#prepareButtons();
    for (const plot of this.querySelectorAll<HTMLElement>('[data-strip], .travel-row > [data-plot]'))
      if (plot.closest('[data-pin]') === null) this.#prepareDragging(plot);
    const { moment, pins } = readMoment(index);
    if (pins !== undefined) await this.#pins.replace(pins);
    if (moment === undefined) this.#drawMoment();
    else {
      this.#at = moment;
      this.#drawMoment();
      await this.#drawDetails();
    }
    await this.#refineActions(actions);
    this.dataset['ready'] = '';
  }

  /** Printed bars count days; over a few days they are drawn finer where that is cheap. */
  async #refineActions(actions: () => Promise<TravelActions>): Promise<void> {
    const bars = this.querySelector('[data-actions-by-day] > svg');
    if (bars === null || this.#toUs - this.#fromUs > fewDaysUs) return;
    const times = await (await actions()).times(this.#fromUs, this.#toUs);
    if (times === undefined) return;
    const size = {
      width: 100,
      height: stripHeights.actions,
      slots: 100,
      fromUs: this.#fromUs,
      toUs: this.#toUs,
    };
    const drawn = actionBars(fineBins(times, this.#fromUs, this.#toUs), size);
    bars.replaceWith(print(actionBarsPart(drawn)));
    find(this, '[data-most-actions]').textContent = mostActionsText(drawn.maxActions);
  }

  get #range(): HTMLInputElement {
    return find<HTMLInputElement>(this, '[data-range]');
  }

  /** The slider stands at times; keys move it from snapshot to snapshot. */
  #prepareRange(): void {
    const range = this.#range;
    range.disabled = false;
    let isHeld = false;
    range.addEventListener('pointerdown', () => {
      isHeld = true;
    });
    for (const end of ['pointerup', 'pointercancel', 'change'])
      range.addEventListener(end, () => {
        isHeld = false;
        range.value = String(this.#value(this.#at));
      });
    range.addEventListener('keydown', (event) => {
      const to = this.#keyTarget(event.key);
      if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.#show(to);
    });
    range.addEventListener('input', () => {
      const value = Number(range.value);
      const wanted = nearestSnapshot(this.#store.index.atUs, this.#fromUs + value * 1000);
      // Aids that move sliders by a step of their own would never come from one snapshot to the next.
      const isStuck = !isHeld && wanted === this.#at;
      this.#show(isStuck ? this.#at + Math.sign(value - this.#value(this.#at)) : wanted, isHeld);
    });
  }

  #keyTarget(key: string): number | undefined {
    const last = this.#store.index.ids.length - 1;
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowDown: -1,
      ArrowRight: 1,
      ArrowUp: 1,
      PageDown: -pageStep,
      PageUp: pageStep,
      Home: -last,
      End: last,
    };
    return Object.hasOwn(steps, key) ? this.#at + steps[key]! : undefined;
  }

  #prepareButtons(): void {
    for (const button of this.querySelectorAll<HTMLButtonElement>('[data-step]'))
      button.addEventListener('click', () => this.#show(this.#at + Number(button.dataset['step'])));
    find<HTMLFormElement>(this, '[data-goto]').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#goToTyped(find<HTMLInputElement>(this, '[data-goto] input').value);
    });
    this.addEventListener('click', (event) => {
      const button = (event.target as Element).closest<HTMLElement>('[data-pin-field]');
      if (button !== null) void this.#pins.add(button.dataset['pinField']!);
    });
  }

  #goToTyped(text: string): void {
    const { atUs } = this.#store.index;
    const asked = askedMoment(text, atUs, this.#at);
    if (asked === undefined) {
      this.#say(`Expected a time such as “2026-01-31 14:00”, or “14:00” of the day shown; found “${text}”.`);
      return;
    }
    this.#show(asked.number);
    const age = (asked.us - atUs[asked.number]!) / 1000;
    const when = formatTime(asked.us);
    this.#say(
      age < -1000
        ? `At ${when} nothing had been recorded yet; this is the first snapshot, ${formatSpan(-age)} later.`
        : age <= 0
          ? ''
          : `At ${when} the newest snapshot was this one, ${formatSpan(age)} old.`,
    );
  }

  #prepareDragging(plot: HTMLElement): void {
    const { atUs, health, changes } = this.#store.index;
    const numberAt = (event: PointerEvent) => {
      const box = plot.getBoundingClientRect();
      const share = (event.clientX - box.left - 8) / Math.max(1, box.width - 16);
      return nearestSnapshot(atUs, this.#fromUs + share * (this.#toUs - this.#fromUs));
    };
    plot.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      plot.setPointerCapture(event.pointerId);
      this.#show(numberAt(event), true);
    });
    plot.addEventListener('pointermove', (event) => {
      const number = numberAt(event);
      if (plot.hasPointerCapture(event.pointerId)) this.#show(number, true);
      else plot.title = markText({ atUs: atUs[number]!, health: health[number]!, changes: changes[number]! });
    });
  }

  /** Shows a snapshot: its place at once, what it holds as soon as it is read. */
  #show(number: number, isMoving = false): void {
    const to = Math.max(0, Math.min(number, this.#store.index.ids.length - 1));
    if (to === this.#at) return;
    this.#at = to;
    this.#say('');
    this.#drawMoment(isMoving);
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      changeAddress({ at: [momentText(this.#store.index.atUs, this.#at)] });
      this.#drawDetails().catch((error: unknown) =>
        this.#say(`The snapshots could not be read: ${String(error)}`),
      );
    }, restMs);
  }

  #value(number: number): number {
    return Math.round((this.#store.index.atUs[number]! - this.#fromUs) / 1000);
  }

  #drawMoment(isMoving = false): void {
    const { ids, atUs, health, reasons } = this.#store.index;
    const [number, total] = [this.#at, ids.length];
    const us = atUs[number]!;
    this.#drawCursors();
    const range = this.#range;
    if (!isMoving || document.activeElement !== range) range.value = String(this.#value(number));
    range.setAttribute(
      'aria-valuetext',
      `${formatTime(us)} UTC, ${health[number]}, snapshot ${formatCount(number + 1)} of ${formatCount(total)}`,
    );
    const head = {
      atUs: us,
      health: health[number] as Parameters<typeof momentHeadPart>[0]['health'],
      number,
      total,
      href: this.#store.hrefOf(number),
      reason: reasons[number] ?? '',
    };
    find(this, '[data-head]').replaceChildren(print(momentHeadPart(head)));
    for (const button of this.querySelectorAll<HTMLButtonElement>('[data-step]')) {
      const to = number + Number(button.dataset['step']);
      button.disabled = to < 0 || to >= total;
    }
    this.#pins.moveTo(number);
  }

  /** Moved as a whole by its own width: nothing is laid out again. */
  #drawCursors(): void {
    const share = timeShare(this.#store.index.atUs[this.#at]!, this.#fromUs, this.#toUs);
    for (const cursor of this.querySelectorAll<HTMLElement>('[data-cursor]'))
      cursor.style.transform = `translateX(${share * 100}%)`;
  }

  async #drawDetails(): Promise<void> {
    await this.#details.show(this.#at, () => this.#at);
  }

  #say(text: string): void {
    find(this, '[data-said]').textContent = text;
  }
}

/** What is opened when it is first needed. */
function once<Opened>(open: () => Promise<Opened>): () => Promise<Opened> {
  let opened: Promise<Opened> | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
}
