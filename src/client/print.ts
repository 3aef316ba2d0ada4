import { group, type Part } from '../parts/part.ts';

const svgNames = 'http://www.w3.org/2000/svg';

/** What can be printed: parts, texts, and nodes that were made before and stay as they are. */
export type Printed = Part | Node | string | readonly Printed[];

/** Makes nodes of parts: elements of SVG inside an svg, of HTML elsewhere. */
export function print(of: Printed, inSvg = false): Node {
  if (typeof of === 'string') return document.createTextNode(of);
  if (of instanceof Node) return of;
  if ('tag' in of) return of.tag === group ? print(of.children, inSvg) : element(of, inSvg);
  const all = document.createDocumentFragment();
  for (const one of of) all.append(print(one, inSvg));
  return all;
}

function element({ tag, attributes, children }: Part, inSvg: boolean): Element {
  const drawn = inSvg || tag === 'svg';
  const made = drawn ? document.createElementNS(svgNames, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) made.append(typeof child === 'string' ? child : print(child, drawn));
  return made;
}
