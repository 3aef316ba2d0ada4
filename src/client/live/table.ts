/** Brings a table to where another one stands; cells that are as they were stay, so that what is marked in them stays marked. */
export function showTable(table: Element | null, frame: HTMLElement): void {
  if (table === null) return;
  const fresh = frame.querySelector('table')!;
  const [before, now] = [cellsOf(table), cellsOf(fresh)];
  if (keysOf(table) !== keysOf(fresh) || before.length !== now.length) {
    table.replaceChildren(...fresh.childNodes);
    return;
  }
  for (const [at, cell] of now.entries()) if (!cell.isEqualNode(before[at]!)) before[at]!.replaceWith(cell);
}

function cellsOf(table: Element): Element[] {
  return [...table.querySelectorAll('th, td')];
}

function keysOf(table: Element): string {
  return [...table.querySelectorAll<HTMLElement>('[data-metric]')]
    .map(({ dataset }) => dataset['metric'])
    .join('\n');
}
