/** Makes the theme button switch between light and dark, and remembers the choice where the browser allows it. */
export function prepareTheme(): void {
  const button = document.querySelector<HTMLButtonElement>('[data-theme-toggle]');
  button?.addEventListener('click', () => {
    const root = document.documentElement;
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    const now = root.dataset['theme'] ?? (dark ? 'dark' : 'light');
    const next = now === 'dark' ? 'light' : 'dark';
    root.dataset['theme'] = next;
    try {
      localStorage.setItem('daybook-theme', next);
    } catch {
      // A browser that remembers nothing still switches.
    }
  });
}
