import { anchorIn } from '../address.ts';
import { find } from '../dom.ts';
import type { RowGrid } from '../row-grid.ts';
import { takeTyped } from '../typed-field.ts';

/** The field inside `root` that texts are looked for in: its keys lead to the rows, and "#find" in the address leads to it. */
export function findField(
  root: HTMLElement,
  grid: RowGrid,
  options: { text: string; onText(text: string): void; onFocus(): void },
): HTMLInputElement {
  const input = find<HTMLInputElement>(root, '[data-search]');
  input.value = options.text;
  input.addEventListener('focus', options.onFocus);
  takeTyped(
    input,
    ['ArrowDown', 'Enter'],
    () => options.onText(input.value.trim()),
    () => {
      grid.focus();
      if (grid.selected() < 0) grid.select(0, 'quietly');
    },
  );
  const focusWhenAsked = () => {
    if (!root.isConnected) removeEventListener('hashchange', focusWhenAsked);
    else if (anchorIn(location.hash) === '#find') input.focus();
  };
  addEventListener('hashchange', focusWhenAsked);
  if (anchorIn(location.hash) === '#find') input.focus();
  return input;
}
