import { formatCount } from '../../../collector/base/format/number.ts';
import { find, make } from '../dom.ts';

/** `<daybook-log>`: searches the lines of a log that stand on the page. Without it they are text, with the links beside them. */
export class DaybookLog extends HTMLElement {
  #lines: HTMLElement[] = [];
  #found: HTMLElement[] = [];
  #at = -1;
  #started = false;

  connectedCallback(): void {
    if (this.#started) return;
    this.#started = true;
    this.#lines = [...this.querySelectorAll<HTMLElement>('.log-line')];
    const field = make('input', {
      type: 'search',
      placeholder: 'Search the log',
      'aria-label': 'Search the log',
    });
    const count = make('span', { class: 'log-count', role: 'status' });
    field.addEventListener('input', () => this.#search(field.value, count));
    field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      this.#go(event.shiftKey ? -1 : 1, count);
    });
    find(this, '.log-tools').prepend(field, count);
    this.dataset['ready'] = '';
  }

  #search(text: string, count: HTMLElement): void {
    const wanted = text.toLowerCase();
    for (const line of this.#found) line.classList.remove('log-found', 'log-here');
    this.#found =
      wanted === '' ? [] : this.#lines.filter((line) => line.textContent.toLowerCase().includes(wanted));
    for (const line of this.#found) line.classList.add('log-found');
    this.#at = -1;
    if (this.#found.length > 0) this.#go(1, count);
    else count.textContent = wanted === '' ? '' : 'not in the lines shown';
  }

  /** On to the next line that was found, or back; round at the ends. */
  #go(step: 1 | -1, count: HTMLElement): void {
    const { length } = this.#found;
    if (length === 0) return;
    this.#found[this.#at]?.classList.remove('log-here');
    this.#at = this.#at === -1 ? 0 : (this.#at + step + length) % length;
    const line = this.#found[this.#at]!;
    line.classList.add('log-here');
    line.scrollIntoView({ block: 'nearest' });
    count.textContent = `${formatCount(this.#at + 1)} of ${formatCount(length)}`;
  }
}
