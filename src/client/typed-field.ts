/** What is typed is taken once typing rests this long. */
const restMs = 90;

/** Takes what is typed into a field: when typing rests, at once with a key that leaves the field, and emptied with Escape. */
export function takeTyped(
  input: HTMLInputElement,
  leaveKeys: readonly string[],
  take: () => void,
  leave: () => void,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(take, restMs);
  });
  input.addEventListener('keydown', (event) => {
    const empties = event.key === 'Escape' && input.value !== '';
    const leaves = leaveKeys.includes(event.key);
    if (!empties && !leaves) return;
    clearTimeout(timer);
    if (empties) {
      event.stopPropagation();
      input.value = '';
    } else event.preventDefault();
    take();
    if (leaves) leave();
  });
}
