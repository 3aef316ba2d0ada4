import { plainText, readAttributes } from '../../collector/base/format/plain.ts';
import { type MarkName, shapeBox, statusShape } from '../charts/status-shape.ts';

/** What may stand inside an element: text is always text, never markup, and plain. */
export type Child = Node | string | undefined | false;

/** Makes an element; attributes that are undefined or false are left out. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string | number | boolean | undefined> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

/** Makes an SVG element. */
export function makeSvg(
  tag: string,
  attributes: Record<string, string | number | boolean | undefined> = {},
  ...children: Child[]
): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

/** The mark of a status, the same as the pages print. */
export function makeMark(name: MarkName): SVGElement {
  const shape = statusShape(name);
  return makeSvg(
    'svg',
    {
      class: `mark mark-${name}${shape.filled ? ' mark-filled' : ''}`,
      viewBox: `0 0 ${shapeBox} ${shapeBox}`,
      'aria-hidden': 'true',
      focusable: 'false',
    },
    makeSvg('path', { d: shape.path }),
  );
}

/** A status as its mark and its word. */
export function makeStatus(name: MarkName, title?: string): HTMLElement {
  return make(
    'span',
    { class: 'status', title },
    makeMark(name),
    make('span', { class: 'status-word' }, name),
  );
}

/** Finds an element that must be there. */
export function find<Kind extends Element = HTMLElement>(root: ParentNode, selector: string): Kind {
  const element = root.querySelector<Kind>(selector);
  if (element === null) throw new Error(`Expected an element ${selector} on this page, found none.`);
  return element;
}

function setAttributes(
  element: Element,
  attributes: Record<string, string | number | boolean | undefined>,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    const text = value === true ? '' : String(value);
    element.setAttribute(name, readAttributes.has(name) ? plainText(text) : text);
  }
}

function append(element: Element, children: Child[]): void {
  for (const child of children) {
    if (child !== undefined && child !== false)
      element.append(typeof child === 'string' ? plainText(child) : child);
  }
}
