import { decodeEntities } from './entities.ts';

/** What stands in a start tag behind its name. */
export interface TagRest {
  attributes: Record<string, string>;
  /** Behind the tag. */
  end: number;
  /** It is an end tag, too. */
  isEmpty: boolean;
  /** Whether all of it is as XML has it; else it ends before the next tag. */
  isWhole: boolean;
  /** An attribute that stands there twice; the first one counts. */
  repeated: string | undefined;
}

const attribute = /\s*([^\s=/>"'<]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;
const close = /\s*(\/?)>/y;

/** Reads the attributes of a tag from behind its name to its end. */
export function attributesIn(text: string, from: number): TagRest {
  const attributes: Record<string, string> = Object.create(null);
  let repeated: string | undefined;
  let at = from;
  for (;;) {
    close.lastIndex = at;
    const end = close.exec(text);
    if (end !== null)
      return { attributes, repeated, end: close.lastIndex, isEmpty: end[1] === '/', isWhole: true };
    attribute.lastIndex = at;
    const match = attribute.exec(text);
    if (match === null) return { attributes, repeated, ...endOfBroken(text, at), isWhole: false };
    const [, name, quoted, other] = match as unknown as [string, string, string?, string?];
    const local = name.slice(name.indexOf(':') + 1);
    if (!Object.hasOwn(attributes, local)) attributes[local] = attributeValue(quoted ?? other ?? '');
    else if (local === name) repeated ??= name;
    at = attribute.lastIndex;
  }
}

/** A tag that is none ends with it, or where the next one begins. */
function endOfBroken(text: string, from: number): Pick<TagRest, 'end' | 'isEmpty'> {
  const mark = /[<>]/g;
  mark.lastIndex = from;
  const found = mark.exec(text);
  if (found === null) return { end: text.length, isEmpty: false };
  const isClosed = found[0] === '>';
  return { end: found.index + (isClosed ? 1 : 0), isEmpty: isClosed && text[found.index - 1] === '/' };
}

/** Ends of lines and tabs within a value are spaces, unless they are written as numbers. */
function attributeValue(raw: string): string {
  return decodeEntities(/[\t\r\n]/.test(raw) ? raw.replace(/\r\n|[\t\r\n]/g, ' ') : raw);
}
