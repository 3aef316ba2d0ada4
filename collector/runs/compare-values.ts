/** The order of recorded values: numbers by value and before texts, texts as people sort them. */
export function compareValues(a: string | number | boolean, b: string | number | boolean): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : typeof b === 'number' ? 1 : 0;
  inOrder ??= new Intl.Collator('en', { numeric: true });
  return inOrder.compare(String(a), String(b));
}

/** Made when it is first needed, and once. */
let inOrder: Intl.Collator | undefined;
