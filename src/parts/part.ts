import { plainText, readAttributes } from '../../collector/base/format/plain.ts';

/** An element of a page as plain data: printed by html.ts at build time and by client/print.ts in the browser. */
export interface Part {
  tag: string;
  attributes: Attributes;
  children: (Part | string)[];
}

/** The value of an attribute; undefined and false leave it out, true is one without a value. */
export type Attribute = string | number | boolean | undefined;

/** Attributes by name, as HTML and SVG spell them. */
export type Attributes = Record<string, Attribute>;

/** What may stand inside a part: text is always text, never markup; lists are taken apart. */
export type Inside = Part | string | number | boolean | undefined | readonly Inside[];

/**
 * Makes a part: the only way to make an element of recorded data. JSX calls it where the first line of a file says so.
 * Every text in it, and what a reader gets of its attributes, is plain; no caller can forget that. Tags and names of
 * attributes are ours, never recorded ones. A function as the tag is called with its attributes and what stands inside.
 */
export function part(tag: string, attributes?: Attributes | null, ...children: readonly Inside[]): Part;
export function part<Given>(
  tag: (given: Given, ...children: readonly Inside[]) => Part,
  given: Given,
  ...children: readonly Inside[]
): Part;
export function part<Given>(
  tag: string | ((given: Given, ...children: readonly Inside[]) => Part),
  given?: Given | Attributes | null,
  ...children: readonly Inside[]
): Part {
  if (typeof tag === 'function') return tag((given ?? {}) as Given, ...children);
  return { tag, attributes: plainAttributes((given ?? {}) as Attributes), children: flat(children) };
}

/** The tag of what has none: `<>…</>`, elements side by side. */
export const group = '';

/** What TypeScript asks of JSX: any element may have any attribute, and what stands in it may be anything of `Inside`. */
export declare namespace part {
  namespace JSX {
    type Element = Part;
    // biome-ignore lint/suspicious/noExplicitAny: each function says itself what it is given.
    type ElementType = string | ((given: any, ...children: readonly Inside[]) => Part);
    type IntrinsicElements = Record<string, { [name: string]: Attribute | Inside; children?: Inside }>;
    interface ElementChildrenAttribute {
      children: Inside;
    }
  }
}

function flat(children: readonly Inside[]): (Part | string)[] {
  const found: (Part | string)[] = [];
  for (const child of children) {
    if (child === undefined || typeof child === 'boolean' || child === '') continue;
    if (Array.isArray(child)) for (const each of flat(child as readonly Inside[])) found.push(each);
    else if (typeof child !== 'object') found.push(plainText(String(child)));
    else if ((child as Part).tag === group) found.push(...(child as Part).children);
    else found.push(child as Part);
  }
  return found;
}

function plainAttributes(attributes: Attributes): Attributes {
  let plain = attributes;
  for (const name of readAttributes) {
    const value = attributes[name];
    if (typeof value === 'string') plain = { ...plain, [name]: plainText(value) };
  }
  return plain;
}

/** The text of a part without its markup. */
export function textOf(one: Part | string): string {
  return typeof one === 'string' ? one : one.children.map(textOf).join('');
}
