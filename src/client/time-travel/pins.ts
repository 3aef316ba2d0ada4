import { changesText, pinnedFieldPart, valuePart } from '../../parts/snapshots/pinned-field.tsx';
import { changeAddress } from '../actions/view-state.ts';
import { find } from '../dom.ts';
import { print } from '../print.ts';
import type { FieldStore } from '../snapshots/field-store.ts';
import { type Pin, PinStore } from './pin-store.ts';

/** What pins do beside showing themselves. */
export interface PinEffects {
  goTo(number: number): void;
  /** Called when rows came. */
  drawn(): void;
  failed(error: unknown): void;
}

/** So near to a change, in pixels, a click means the change. */
const near = 10;
/** What a chart leaves free on each side, in pixels. */
const side = 8;

/** The pinned fields below the slider. */
export class TravelPins {
  readonly #root: HTMLElement;
  readonly #list: HTMLElement;
  readonly #effects: PinEffects;
  readonly #store: PinStore;
  /** Whether the rows still say what the page printed, which is the newest snapshot. */
  #isPrinted = true;

  /** Takes over the printed rows of pinned fields below `root`; `times` are those of all snapshots. */
  constructor(
    root: HTMLElement,
    times: readonly number[],
    fields: () => Promise<FieldStore>,
    effects: PinEffects,
  ) {
    this.#root = root;
    this.#list = find(root, '[data-pins]');
    this.#effects = effects;
    const printed = this.#rows().map((row) => row.dataset['pin']!);
    this.#store = new PinStore(times, fields, printed);
    this.#list.addEventListener('click', (event) => {
      this.#clicked(event).catch(effects.failed);
    });
    const form = root.querySelector<HTMLFormElement>('[data-add]');
    form?.addEventListener('submit', (event) => {
      event.preventDefault();
      const input = find<HTMLInputElement>(form, 'input');
      const path = input.value.trim();
      if (path === '') return;
      this.#add(path).then(() => {
        if (this.#store.paths.includes(path)) input.value = '';
      }, effects.failed);
    });
  }

  /** Shows the values of a snapshot. */
  moveTo(number: number): void {
    if (this.#isPrinted && number === this.#store.at) return;
    this.#isPrinted = false;
    this.#store.at = number;
    this.#drawValues().catch(this.#effects.failed);
  }

  add(path: string): Promise<void> {
    return this.#add(path).catch(this.#effects.failed);
  }

  /** Shows these fields in place of the printed ones. */
  async replace(paths: readonly string[]): Promise<void> {
    this.#isPrinted = false;
    this.#list.replaceChildren();
    for (const pin of await this.#store.replace(paths)) this.#drawRow(pin);
  }

  #rows(): HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>('[data-pin]')];
  }

  #rowOf(path: string): HTMLElement | undefined {
    return this.#rows().find((row) => row.dataset['pin'] === path);
  }

  async #drawValues(): Promise<void> {
    for (const row of this.#rows()) {
      const pin = await this.#store.pin(row.dataset['pin']!);
      if (pin !== undefined) this.#drawValue(row, pin);
    }
  }

  #drawValue(row: HTMLElement, pin: Pin): void {
    const { chart, changes, moment } = this.#store.fieldOf(pin);
    find(row, '[data-value]').replaceWith(print(valuePart(chart, moment, Date.now() * 1000)));
    find(row, '[data-changes]').textContent = changesText(changes, moment);
    for (const button of row.querySelectorAll<HTMLButtonElement>('[data-step-change]'))
      button.disabled = this.#store.change(pin, Number(button.dataset['stepChange'])) === undefined;
  }

  #drawRow(pin: Pin): HTMLElement {
    const row = print(pinnedFieldPart(this.#store.fieldOf(pin), Date.now() * 1000)) as HTMLElement;
    this.#list.append(row);
    this.#drawValue(row, pin);
    this.#effects.drawn();
    return row;
  }

  async #add(path: string): Promise<void> {
    const { said, pin } = await this.#store.add(path);
    if (pin !== undefined) {
      const old = this.#rowOf(path);
      const row = old ?? this.#drawRow(pin);
      if (old === undefined) this.#remember();
      row.scrollIntoView({ block: 'nearest' });
    }
    this.#say(said);
  }

  #unpin(path: string): void {
    const row = this.#rowOf(path);
    const beside = row?.nextElementSibling ?? row?.previousElementSibling;
    const next = beside?.querySelector<HTMLElement>('[data-unpin]');
    row?.remove();
    this.#store.remove(path);
    this.#remember();
    this.#say(`${path} is no longer pinned.`);
    (next ?? this.#root.querySelector<HTMLElement>('[data-add] input'))?.focus();
  }

  async #clicked({ target, clientX }: MouseEvent): Promise<void> {
    const closest = (selector: string) => (target as Element).closest<HTMLElement>(selector);
    const path = closest('[data-pin]')?.dataset['pin'];
    if (path === undefined) return;
    if (closest('[data-unpin]') !== null) {
      this.#unpin(path);
      return;
    }
    const step = closest('[data-step-change]')?.dataset['stepChange'];
    const box = closest('[data-plot]')?.getBoundingClientRect();
    if (step === undefined && box === undefined) return;
    const pin = await this.#store.pin(path);
    if (pin === undefined) return;
    const wide = Math.max(1, (box?.width ?? 0) - 2 * side);
    const to =
      box === undefined || step !== undefined
        ? this.#store.change(pin, Number(step))
        : this.#store.pointed(pin, (clientX - box.left - side) / wide, near / wide);
    if (to !== undefined) this.#effects.goTo(to);
  }

  #remember(): void {
    const { paths } = this.#store;
    changeAddress({ pin: paths.length === 0 ? [''] : paths });
  }

  #say(text: string): void {
    find(this.#root, '[data-said]').textContent = text;
  }
}
