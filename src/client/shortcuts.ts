/** `/` finds: it goes to the search field of this page, or to the actions where this page has none. */
export function prepareShortcuts(): void {
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    goFind();
  });
  document.querySelector('[data-find]')?.addEventListener('click', (event) => {
    if (document.querySelector('[data-search]') === null) return;
    event.preventDefault();
    goFind();
  });
}

function goFind(): void {
  const field = document.querySelector<HTMLInputElement>('[data-search]');
  if (field?.checkVisibility() === true) {
    field.focus();
    field.select();
    return;
  }
  const link = document.querySelector<HTMLAnchorElement>('[data-find]');
  if (link !== null) location.href = link.href;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
