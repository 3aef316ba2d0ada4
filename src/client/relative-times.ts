import { formatRelative } from '../../collector/base/format/duration.ts';

/** Keeps "12 minutes ago" true while the page is open, and right when it was built long before it is read. */
export function keepTimesFresh(): void {
  refreshTimes();
  setInterval(refreshTimes, 30_000);
}

/** Says anew how long ago each time of the page is. */
export function refreshTimes(): void {
  const nowUs = Date.now() * 1000;
  for (const time of document.querySelectorAll<HTMLTimeElement>('time[data-relative]')) {
    const text = formatRelative(Date.parse(time.dateTime) * 1000, nowUs);
    if (text !== '' && time.textContent !== text) time.textContent = text;
  }
}
