import { formatRelative } from '../charts/format.ts';

/** What every page can do with scripts: switch the theme, find with "/", and keep "12 minutes ago" true. */
export function startPageShell(page: Document = document): void {
  page.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('[data-theme-toggle]') !== null)
      toggleTheme(page);
  });
  page.addEventListener('keydown', (event) => {
    if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target))
      find(page, event);
  });
  refreshTimes(page);
  setInterval(() => refreshTimes(page), 30_000);
}

/** Switches to the theme that is not shown and remembers it; where nothing can be kept, it lasts as long as the page. */
function toggleTheme(page: Document): void {
  const root = page.documentElement;
  const shown =
    root.dataset['theme'] ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  const next = shown === 'dark' ? 'light' : 'dark';
  root.dataset['theme'] = next;
  try {
    localStorage.setItem('daybook-theme', next);
  } catch {
    // Storage may be closed to pages from disk; the theme then lives as long as the page.
  }
}

/** Puts the cursor into the page's own search; a page without one goes to the explorer's. */
function find(page: Document, event: KeyboardEvent): void {
  const field = page.querySelector<HTMLInputElement>('input[type="search"]');
  const link = page.querySelector<HTMLAnchorElement>('a[data-find]');
  if (field === null && link === null) return;
  event.preventDefault();
  if (field !== null) field.focus();
  else link?.click();
}

function refreshTimes(page: Document): void {
  const nowUs = Date.now() * 1000;
  for (const element of page.querySelectorAll<HTMLTimeElement>('time[data-relative]')) {
    const text = formatRelative(Date.parse(element.dateTime) * 1000, nowUs);
    if (text !== '' && element.textContent !== text) element.textContent = text;
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(?:input|textarea|select)$/i.test(target.tagName))
  );
}
