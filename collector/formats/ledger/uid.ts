/** How wide uids are written for a given most number of runs: 1000 -> 3, as the original's log10 has it; never a limit. */
export function uidWidth(maxsize: number): number {
  return Math.max(1, Math.ceil(Math.log10(Math.max(1, maxsize)) - 1e-12));
}

/** The uid of a number: 7 -> "007"; 1000 -> "1000". */
export function formatUid(number: number, width: number): string {
  return String(number).padStart(width, '0');
}

/** The uid of the lowest number that is not taken, and that number. */
export function lowestFreeUid(
  isTaken: (uid: string) => boolean,
  width: number,
  from = 0,
): { uid: string; number: number } {
  for (let number = from; ; number++) {
    const uid = formatUid(number, width);
    if (!isTaken(uid)) return { uid, number };
  }
}

/** Order of uids by number ("999" before "1000"); what is no number comes last, by text. */
export function compareUids(a: string, b: string): number {
  const first = /^\d+$/.test(a) ? Number(a) : Number.POSITIVE_INFINITY;
  const second = /^\d+$/.test(b) ? Number(b) : Number.POSITIVE_INFINITY;
  if (first !== second) return first - second;
  return a < b ? -1 : a > b ? 1 : 0;
}
