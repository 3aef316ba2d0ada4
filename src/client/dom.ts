import { type Attributes, type Inside, part } from '../parts/part.ts';
import { print } from './print.ts';

/** What may stand inside an element: nodes that live already, and what may stand inside a part. */
export type Child = Node | Inside;

/** Makes an element: a part that is printed at once, so that it can be listened to. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  // Nodes pass through part() and print() as they are.
  return print(part(tag, attributes, ...(children as Inside[]))) as HTMLElementTagNameMap[Tag];
}

/** Makes an SVG element. */
export function makeSvg(tag: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  return print(part(tag, attributes, ...(children as Inside[])), true) as SVGElement;
}

/** Finds an element that must be there. */
export function find<Kind extends Element = HTMLElement>(root: ParentNode, selector: string): Kind {
  const element = root.querySelector<Kind>(selector);
  if (element === null) throw new Error(`Expected an element ${selector} on this page, found none.`);
  return element;
}
