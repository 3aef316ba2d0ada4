/**
 * Order of names in which numbers count as numbers: "x_9" before "x_10". Other characters compare by their code. Unlike a
 * collator of Intl it costs a start nothing.
 */
export function compareNatural(a: string, b: string): number {
  const [mine, theirs] = [a.match(parts) ?? [], b.match(parts) ?? []];
  for (const [at, part] of mine.entries()) {
    const other = theirs[at];
    if (other === undefined) return 1;
    const order = isNumber(part) && isNumber(other) ? compareNumbers(part, other) : compareTexts(part, other);
    if (order !== 0) return order;
  }
  return mine.length < theirs.length ? -1 : compareTexts(a, b);
}

const parts = /\d+|\D+/g;

function isNumber(part: string): boolean {
  return part >= '0' && part < ':';
}

function compareNumbers(a: string, b: string): number {
  const [first, second] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return first.length - second.length || compareTexts(first, second);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
