import type { Part } from '../parts/part.ts';

const svgNames = 'http://www.w3.org/2000/svg';

/** Makes nodes of parts: elements of SVG inside an svg, of HTML elsewhere. */
export function print(of: Part | string | readonly (Part | string)[], inSvg = false): Node {
  if (Array.isArray(of)) {
    const all = document.createDocumentFragment();
    for (const one of of as readonly (Part | string)[]) all.append(print(one, inSvg));
    return all;
  }
  return typeof of === 'string' ? document.createTextNode(of) : printOne(of as Part, inSvg);
}

function printOne(one: Part, inSvg: boolean): Element {
  const drawn = inSvg || one.tag === 'svg';
  const element = drawn ? document.createElementNS(svgNames, one.tag) : document.createElement(one.tag);
  for (const [name, value] of Object.entries(one.attributes)) {
    if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of one.children) element.append(print(child, drawn));
  return element;
}
