/** What a pointer or the keys do with the chart they are at. */
export interface SurfaceEvents {
  /** The place under a point of the screen; undefined where nothing is drawn. */
  placeAt(clientX: number): number | undefined;
  onPoint(x: number | undefined, y: number): void;
  onBrush(range: readonly [number, number] | undefined): void;
  onZoom(range: readonly [number, number] | undefined): void;
  onMove(direction: 1 | -1, times: number): void;
  onEnd(direction: 1 | -1): void;
  onScale(factor: number): void;
}

/** Shorter than this many pixels a drag is a click. */
const leastDrag = 5;

/** Listens to mouse, fingers and keys: pointing reads values, dragging across or two fingers choose a stretch. */
export function listenTo(surface: HTMLElement, events: SurfaceEvents): void {
  const fingers = new Map<number, number>();
  let from: number | undefined;
  const rangeTo = (start: number, end: number): readonly [number, number] | undefined => {
    const [a, b] = [events.placeAt(start), events.placeAt(end)];
    return a === undefined || b === undefined ? undefined : [Math.min(a, b), Math.max(a, b)];
  };
  const depth = (event: PointerEvent) => event.clientY - surface.getBoundingClientRect().top;
  const stretch = (event: PointerEvent): readonly [number, number] | undefined => {
    const [first, second] = [...fingers.values()];
    if (first !== undefined && second !== undefined) return rangeTo(first, second);
    return from === undefined || Math.abs(event.clientX - from) < leastDrag
      ? undefined
      : rangeTo(from, event.clientX);
  };
  const end = (event: PointerEvent, isDone: boolean) => {
    const range = isDone ? stretch(event) : undefined;
    fingers.delete(event.pointerId);
    from = undefined;
    events.onBrush(undefined);
    if (range !== undefined && range[0] < range[1]) {
      fingers.clear();
      events.onZoom(range);
    }
  };
  surface.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || (event.target as Element).closest('table') !== null) return;
    if (event.pointerType === 'mouse') {
      from = event.clientX;
      event.preventDefault();
      surface.focus({ preventScroll: true });
      surface.setPointerCapture(event.pointerId);
    } else fingers.set(event.pointerId, event.clientX);
    events.onPoint(events.placeAt(event.clientX), depth(event));
  });
  surface.addEventListener('pointermove', (event) => {
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, event.clientX);
    events.onBrush(stretch(event));
    if (fingers.size < 2) events.onPoint(events.placeAt(event.clientX), depth(event));
  });
  surface.addEventListener('pointerup', (event) => end(event, true));
  surface.addEventListener('pointercancel', (event) => end(event, false));
  surface.addEventListener('pointerleave', (event) => {
    // A finger that is lifted leaves; what it pointed at stays to be read.
    if (event.pointerType === 'mouse') events.onPoint(undefined, 0);
  });
  surface.addEventListener('dblclick', () => events.onZoom(undefined));
  surface.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !takeKey(event, events)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  surface.addEventListener('blur', () => events.onPoint(undefined, 0));
}

function takeKey({ key, shiftKey }: KeyboardEvent, events: SurfaceEvents): boolean {
  if (key === 'ArrowRight' || key === 'ArrowUp') events.onMove(1, shiftKey ? 10 : 1);
  else if (key === 'ArrowLeft' || key === 'ArrowDown') events.onMove(-1, shiftKey ? 10 : 1);
  else if (key === 'Home') events.onEnd(-1);
  else if (key === 'End') events.onEnd(1);
  else if (key === '+' || key === '=') events.onScale(0.5);
  else if (key === '-') events.onScale(2);
  else if (key === 'Escape') events.onZoom(undefined);
  else return false;
  return true;
}
