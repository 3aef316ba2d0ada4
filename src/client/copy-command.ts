import { make } from './dom.ts';

/** `<daybook-copy>`: a command with a button that copies it; without a clipboard the button selects it. */
export class DaybookCopy extends HTMLElement {
  #started = false;

  connectedCallback(): void {
    const code = this.querySelector('code');
    if (this.#started || code === null) return;
    this.#started = true;
    const button = make('button', { type: 'button', class: 'link copy-button' }, 'Copy');
    button.addEventListener('click', () => void this.#copy(code, button));
    this.append(button);
  }

  async #copy(code: HTMLElement, button: HTMLElement): Promise<void> {
    try {
      await navigator.clipboard.writeText(code.textContent ?? '');
    } catch {
      getSelection()?.selectAllChildren(code);
      return;
    }
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 1500);
  }
}
