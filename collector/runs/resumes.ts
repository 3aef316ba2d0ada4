import type { RunRecord } from './record.ts';

/** Where a run began again at an earlier step, as words: "resumed at step 4"; undefined where it did not. */
export function resumeNote(series: RunRecord['series']): string | undefined {
  const places = new Map<string, Set<number>>();
  for (const { resumed } of series) {
    if (resumed === undefined) continue;
    const steps = places.get(resumed.by) ?? new Set();
    for (const step of resumed.at) steps.add(step);
    places.set(resumed.by, steps);
  }
  if (places.size === 0) return undefined;
  return `resumed at ${[...places].map(([by, steps]) => placesText(by, [...steps])).join(' and ')}`;
}

const maxNamed = 5;

function placesText(by: string, steps: readonly number[]): string {
  const named = steps.slice(0, maxNamed).join(', ');
  if (steps.length > maxNamed) return `${by}s ${named} and ${steps.length - maxNamed} more`;
  return steps.length === 1 ? `${by} ${named}` : `${by}s ${named.replace(/, ([^,]*)$/, ' and $1')}`;
}

/** How many points of earlier attempts a run has beside those that count. */
export function earlierPoints(series: RunRecord['series']): number {
  return series.reduce((sum, { resumed }) => sum + (resumed?.earlier ?? 0), 0);
}
