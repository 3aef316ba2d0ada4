/** What part of a drawing is seen, and how large; works on the viewBox of an SVG. */
export interface GraphView {
  /** Shows the whole drawing, never larger than life. */
  fit(): void;
  /** Changes the size around the middle, or around a point of the screen. */
  zoom(factor: number, at?: { clientX: number; clientY: number }): void;
  /** Moves by parts of what is seen: 0.1 is a tenth. */
  move(x: number, y: number): void;
  /** Brings a place of the drawing into the middle, if it is not well in sight. */
  reveal(box: { x: number; y: number; width: number; height: number }): void;
  /** Takes another drawing of the same frame. */
  take(svg: SVGSVGElement, size: { width: number; height: number }, keep: boolean): void;
}

const [minScale, maxScale] = [0.05, 4];
const leastReadable = 0.7;

/** Lets a reader move and zoom the drawing in `frame`: by dragging, by wheel with Ctrl, by pinching and by keys. */
export function graphView(frame: HTMLElement): GraphView {
  let svg: SVGSVGElement | undefined;
  let size = { width: 1, height: 1 };
  let seen = { x: 0, y: 0, scale: 1 };

  const show = () => {
    const { clientWidth: width, clientHeight: height } = frame;
    svg?.setAttribute(
      'viewBox',
      `${round(seen.x)} ${round(seen.y)} ${round(width / seen.scale)} ${round(height / seen.scale)}`,
    );
  };
  /** The whole, or its beginning where the whole would be too small to read. */
  const begin = () => {
    view.fit();
    if (seen.scale >= leastReadable) return;
    const { clientWidth: width, clientHeight: height } = frame;
    const scale = leastReadable;
    const x = size.width > width / scale ? -8 : (size.width - width / scale) / 2;
    seen = { scale, x, y: (size.height - height / scale) / 2 };
    show();
  };
  const view: GraphView = {
    fit() {
      const { clientWidth: width, clientHeight: height } = frame;
      const scale = Math.min(1, width / (size.width + 16), height / (size.height + 16));
      seen = { scale, x: (size.width - width / scale) / 2, y: (size.height - height / scale) / 2 };
      show();
    },
    zoom(factor, at) {
      const box = frame.getBoundingClientRect();
      const [left, top] =
        at === undefined ? [box.width / 2, box.height / 2] : [at.clientX - box.left, at.clientY - box.top];
      const scale = Math.min(maxScale, Math.max(minScale, seen.scale * factor));
      seen = {
        scale,
        x: seen.x + left / seen.scale - left / scale,
        y: seen.y + top / seen.scale - top / scale,
      };
      show();
    },
    move(x, y) {
      seen.x += (x * frame.clientWidth) / seen.scale;
      seen.y += (y * frame.clientHeight) / seen.scale;
      show();
    },
    reveal(box) {
      const [width, height] = [frame.clientWidth / seen.scale, frame.clientHeight / seen.scale];
      const isSeen =
        box.x >= seen.x &&
        box.y >= seen.y &&
        box.x + box.width <= seen.x + width &&
        box.y + box.height <= seen.y + height;
      if (isSeen) return;
      seen.x = box.x + box.width / 2 - width / 2;
      seen.y = box.y + box.height / 2 - height / 2;
      show();
    },
    take(drawing, drawn, keep) {
      svg = drawing;
      size = drawn;
      drawing.setAttribute('width', '100%');
      drawing.setAttribute('height', '100%');
      if (keep) show();
      else begin();
    },
  };
  listen(frame, view, () => seen.scale);
  new ResizeObserver(show).observe(frame);
  return view;
}

function listen(frame: HTMLElement, view: GraphView, scaleOf: () => number): void {
  const fingers = new Map<number, PointerEvent>();
  let dragged = 0;
  frame.addEventListener('pointerdown', (event) => {
    fingers.set(event.pointerId, event);
    dragged = 0;
  });
  frame.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    const [x, y] = [event.clientX - before.clientX, event.clientY - before.clientY];
    const other = [...fingers.values()].find((one) => one.pointerId !== event.pointerId);
    fingers.set(event.pointerId, event);
    dragged += Math.abs(x) + Math.abs(y);
    if (other !== undefined) {
      const apart = (one: PointerEvent) =>
        Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      if (apart(before) > 0) view.zoom(apart(event) / apart(before), event);
    } else if (dragged > 4) {
      frame.setPointerCapture(event.pointerId);
      view.move(-x / frame.clientWidth, -y / frame.clientHeight);
    }
  });
  for (const name of ['pointerup', 'pointercancel'] as const)
    frame.addEventListener(name, (event) => fingers.delete(event.pointerId));
  // What ends a drag is no click.
  frame.addEventListener(
    'click',
    (event) => {
      if (dragged > 4) {
        event.preventDefault();
        event.stopPropagation();
      }
      dragged = 0;
    },
    true,
  );
  frame.addEventListener('dragstart', (event) => event.preventDefault());
  frame.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      view.zoom(Math.exp(-event.deltaY / 300), event);
    },
    { passive: false },
  );
  frame.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = 0.15;
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    const move = moves[event.key];
    if (move !== undefined) view.move(...move);
    else if (event.key === '+' || event.key === '=') view.zoom(1.25);
    else if (event.key === '-') view.zoom(0.8);
    else if (event.key === '0') view.zoom(1 / scaleOf());
    else return;
    event.preventDefault();
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
