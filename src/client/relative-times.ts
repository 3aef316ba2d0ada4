import { formatRelative } from '../../collector/base/format/duration.ts';

/** Keeps "12 minutes ago" true while the page is open, and right when it was built long before it is read. */
export function keepTimesFresh(): void {
  const times = [...document.querySelectorAll<HTMLTimeElement>('time[data-relative]')];
  if (times.length === 0) return;
  const refresh = () => {
    const nowUs = Date.now() * 1000;
    for (const time of times) {
      const text = formatRelative(Date.parse(time.dateTime) * 1000, nowUs);
      if (text !== '' && time.textContent !== text) time.textContent = text;
    }
  };
  refresh();
  setInterval(refresh, 30_000);
}
