/**
 * Follows the book where the page is served by `daybook serve`, which says so with every page. A page from elsewhere, or from disk,
 * asks for nothing.
 */
export function followIfServed(): void {
  if (servedBuild() === undefined) return;
  const script = document.createElement('script');
  script.src = `${document.body.dataset['up'] ?? ''}assets/daybook-live.js`;
  document.head.append(script);
}

/** Which build the page is of, as `daybook serve` says with it; undefined where it came in another way. */
export function servedBuild(): number | undefined {
  const [visit] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return visit?.serverTiming?.find(({ name }) => name === 'daybook-live')?.duration;
}
