import { plainText, readAttributes } from '../../collector/base/format/plain.ts';

/** An element of a page as plain data: printed by Part.astro at build time and by client/print.ts in the browser. */
export interface Part {
  tag: string;
  attributes: Record<string, Attribute>;
  children: (Part | string)[];
}

/** The value of an attribute; undefined and false leave it out, true is one without a value. */
export type Attribute = string | number | boolean | undefined;

/** What may stand inside a part: text is always text, never markup; lists are taken apart. */
export type Inside = Part | string | undefined | false | readonly Inside[];

/**
 * Makes a part: the only way to make an element of recorded data. Every text in it, and what a reader gets of its
 * attributes, is plain; no caller can forget that. Tags and names of attributes are ours, never recorded ones.
 */
export function part(
  tag: string,
  attributes: Record<string, Attribute> = {},
  ...children: readonly Inside[]
): Part {
  return { tag, attributes: plainAttributes(attributes), children: flat(children) };
}

function flat(children: readonly Inside[]): (Part | string)[] {
  const found: (Part | string)[] = [];
  for (const child of children) {
    if (child === undefined || child === false || child === '') continue;
    if (Array.isArray(child)) for (const each of flat(child as readonly Inside[])) found.push(each);
    else found.push(typeof child === 'string' ? plainText(child) : (child as Part));
  }
  return found;
}

function plainAttributes(attributes: Record<string, Attribute>): Record<string, Attribute> {
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
