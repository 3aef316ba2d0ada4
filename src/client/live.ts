/**
 * Follows runs where the page is served by `daybook serve`, which says so with every page. A page from elsewhere, or from disk,
 * asks for nothing.
 */
export function followIfServed(): void {
  const [visit] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  if (visit?.serverTiming?.some(({ name }) => name === 'daybook-live') !== true) return;
  const script = document.createElement('script');
  script.src = `${document.body.dataset['up'] ?? ''}assets/daybook-live.js`;
  document.head.append(script);
}
