const msOfUnit: readonly (readonly [names: string, ms: number])[] = [
  ['ms millisecond milliseconds', 1],
  ['s sec second seconds', 1000],
  ['m min minute minutes', 60_000],
  ['h hr hour hours', 3_600_000],
  ['d day days', 86_400_000],
  ['w week weeks', 604_800_000],
];

const unitMs = new Map(
  msOfUnit.flatMap(([names, ms]) => names.split(' ').map((name) => [name, ms] as const)),
);

/** Reads "10s", "30 minutes", "1.5h", "30_minutes", "hour"; undefined where the text is no positive duration. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)?[\s_]*([a-z]+)$/.exec(text.trim().toLowerCase());
  const ms = match === null ? undefined : unitMs.get(match[2] ?? '');
  if (ms === undefined) return undefined;
  const total = Math.round(Number(match?.[1] ?? 1) * ms);
  return total > 0 && Number.isSafeInteger(total * 1000) ? total : undefined;
}

/** A duration in the largest unit that gives a whole number: "30 minutes", "1 hour", "90 seconds". */
export function formatDuration(ms: number): string {
  for (const [names, size] of msOfUnit.toReversed()) {
    const words = names.split(' ');
    if (ms >= size && ms % size === 0) return `${ms / size} ${ms === size ? words.at(-2) : words.at(-1)}`;
  }
  return `${ms} milliseconds`;
}
