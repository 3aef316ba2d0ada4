import { fragmentOf, placeIn } from './address.ts';
import { make } from './dom.ts';

/** Copies the address of exactly one action; where the browser does not allow that, shows it selected, ready to be copied. */
export async function copyLink(key: string, button: HTMLElement): Promise<void> {
  const search = `?action=${encodeURIComponent(key)}`;
  const place = placeIn(location.hash);
  const inFile = place === undefined ? search : fragmentOf({ ...place, search, anchor: '' });
  const address = `${location.href.split(/[?#]/)[0]}${inFile}`;
  const before = button.textContent ?? '';
  try {
    await navigator.clipboard.writeText(address);
  } catch {
    const field = make('input', {
      value: address,
      readonly: true,
      'aria-label': 'Link to this action',
      class: 'copy-field',
    });
    button.replaceWith(field);
    field.select();
    return;
  }
  button.textContent = 'Copied';
  setTimeout(() => {
    button.textContent = before;
  }, 1500);
}
