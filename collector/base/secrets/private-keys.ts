const keyBegins = /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY/;
const keyEnds = /-----END [A-Z0-9 ]{0,30}PRIVATE KEY/;

/** Which lines of a list belong to a private key, also where the list begins or ends in the middle of one. */
export function linesOfKeys(list: readonly unknown[]): Set<number> {
  const lines = new Set<number>();
  let isInside = false;
  for (const [at, value] of list.entries()) {
    if (typeof value !== 'string') continue;
    const [begins, ends] = [keyBegins.test(value), keyEnds.test(value)];
    // The beginning was cut off: everything before the end may belong to the key.
    if (ends && !begins && !isInside) for (let before = 0; before < at; before++) lines.add(before);
    if (begins || ends || isInside) lines.add(at);
    isInside = (isInside || begins) && !ends;
  }
  return lines;
}

/** The line that begins the private key which is not over behind these lines; `before` is the one that was open before them. */
export function keyOpenAfter(lines: readonly string[], before: string | undefined): string | undefined {
  let open = before;
  for (const line of lines) {
    if (!line.includes('PRIVATE KEY')) continue;
    if (keyBegins.test(line)) open = line;
    if (keyEnds.test(line)) open = undefined;
  }
  return open;
}
