import { attributesIn } from './attributes.ts';
import { decodeEntities } from './entities.ts';

/** What is told of a document, in its order. Names come without the prefix of a namespace. */
export interface XmlEvents {
  open(name: string, attributes: Readonly<Record<string, string>>, line: number): void;
  /** `isWhole` is false where its end tag is missing. */
  close(name: string, isWhole: boolean): void;
  /** A piece of text; what stands between two tags may come in several. */
  text?(text: string): void;
  /** What is not well formed there; reading goes on behind it. */
  mistake(line: number, expected: string, found: string): void;
}

/**
 * Reads XML in one pass, in time that is in proportion to it. Entities are the five of XML and numbers of characters: declarations of
 * a document are passed over, so that nothing can be made to grow, and nothing else is ever opened. What is not well formed is told,
 * and the rest read.
 */
export function readXml(text: string, events: XmlEvents): void {
  new XmlReading(text, events).read();
}

class XmlReading {
  readonly #text: string;
  readonly #events: XmlEvents;
  readonly #open: string[] = [];
  #at = 0;
  #line = 1;
  #lineEnd = -1;

  constructor(text: string, events: XmlEvents) {
    this.#text = text;
    this.#events = events;
  }

  read(): void {
    while (this.#at < this.#text.length) {
      const next = this.#text.indexOf('<', this.#at);
      this.#tellText(this.#text.slice(this.#at, next === -1 ? undefined : next));
      if (next === -1) break;
      this.#at = next;
      this.#readMarkup();
    }
    const left = this.#open.at(-1);
    if (left !== undefined) this.#wrong(this.#text.length, `</${left}>`, 'the end of the file');
    while (this.#open.length > 0) this.#events.close(this.#open.pop()!, false);
  }

  #readMarkup(): void {
    const next = this.#text.charCodeAt(this.#at + 1);
    if (next === 0x21 /* ! */) this.#readDeclaration();
    else if (next === 0x3f /* ? */) this.#skipTo('?>');
    else if (next === 0x2f /* / */) this.#readEnd();
    else this.#readStart();
  }

  #readDeclaration(): void {
    if (this.#text.startsWith('<!--', this.#at)) this.#skipTo('-->');
    else if (this.#text.startsWith('<![CDATA[', this.#at)) {
      const from = this.#at + 9;
      if (this.#skipTo(']]>') && this.#open.length > 0)
        this.#events.text?.(lines(this.#text.slice(from, this.#at - 3)));
    } else this.#skipDoctype();
  }

  /** Its own declarations may hold quotes, and brackets around all of them. */
  #skipDoctype(): void {
    const mark = /["'[\]>]|<!--/g;
    mark.lastIndex = this.#at + 2;
    let isInside = false;
    for (let match = mark.exec(this.#text); match !== null; match = mark.exec(this.#text)) {
      const [found] = match;
      if (found === '[') isInside = true;
      else if (found === ']') isInside = false;
      else if (found === '>') {
        if (isInside) continue;
        this.#at = match.index + 1;
        return;
      } else {
        const end = found === '<!--' ? '-->' : found;
        const at = this.#text.indexOf(end, match.index + found.length);
        if (at === -1) break;
        mark.lastIndex = at + end.length;
      }
    }
    this.#wrong(this.#at, '">" behind <!DOCTYPE', 'the end of the file');
    this.#at = this.#text.length;
  }

  #readEnd(): void {
    const end = this.#text.indexOf('>', this.#at);
    const name = localName(this.#text.slice(this.#at + 2, end === -1 ? undefined : end).trim());
    const depth = this.#depthOf(name);
    if (depth !== this.#open.length - 1 || depth === -1) {
      const open = this.#open.at(-1);
      this.#wrong(this.#at, open === undefined ? 'a start tag before it' : `</${open}>`, `</${name}>`);
    }
    this.#at = end === -1 ? this.#text.length : end + 1;
    if (depth === -1) return;
    while (this.#open.length > depth) this.#events.close(this.#open.pop()!, this.#open.length === depth);
  }

  /** Where an element of this name is open; not looked for further out than damage ever goes. */
  #depthOf(name: string): number {
    const from = Math.max(0, this.#open.length - mostUnclosed);
    for (let at = this.#open.length - 1; at >= from; at--) if (this.#open[at] === name) return at;
    return -1;
  }

  #readStart(): void {
    startName.lastIndex = this.#at + 1;
    const name = startName.exec(this.#text)?.[0];
    if (name === undefined) {
      this.#wrong(this.#at, 'the name of an element behind "<", or &lt; for the character', this.#around());
      this.#at += 1;
      return;
    }
    const { attributes, repeated, end, isEmpty, isWhole } = attributesIn(this.#text, startName.lastIndex);
    if (!isWhole) this.#wrong(this.#at, `name="value" and ">" in <${name}`, this.#around());
    if (repeated !== undefined)
      this.#wrong(this.#at, `each attribute once in <${name}`, `"${repeated}" twice`);
    const local = localName(name);
    const line = this.#lineOf(this.#at);
    this.#at = end;
    this.#events.open(local, attributes, line);
    if (isEmpty) this.#events.close(local, true);
    else this.#open.push(local);
  }

  #tellText(text: string): void {
    if (text === '') return;
    if (this.#open.length > 0) this.#events.text?.(decodeEntities(lines(text)));
    else if (text.trim() !== '' && text.trim() !== '\ufeff')
      this.#wrong(this.#at, 'elements alone outside of the first one', text.trim());
  }

  /** Goes on behind `end`; false where there is none, and nothing is left. */
  #skipTo(end: string): boolean {
    const at = this.#text.indexOf(end, this.#at);
    if (at === -1) this.#wrong(this.#at, `"${end}"`, 'the end of the file');
    this.#at = at === -1 ? this.#text.length : at + end.length;
    return at !== -1;
  }

  #around(): string {
    return this.#text.slice(this.#at, this.#at + 60);
  }

  #wrong(at: number, expected: string, found: string): void {
    this.#events.mistake(this.#lineOf(at), expected, found);
  }

  /** Places are asked for in their order, so that all lines are counted once. */
  #lineOf(at: number): number {
    while (this.#lineEnd < at) {
      const end = this.#text.indexOf('\n', this.#lineEnd + 1);
      if (this.#lineEnd !== -1) this.#line += 1;
      this.#lineEnd = end === -1 ? this.#text.length : end;
    }
    return this.#line;
  }
}

const mostUnclosed = 64;
const startName = /[\p{L}_:][\p{L}\p{N}_:.\-·]*/uy;

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** The ends of lines as XML has them. */
function lines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
