import { createHash } from 'node:crypto';

/** One thing that a feed tells, before it is Atom or JSON. */
export interface FeedEntry {
  /** `urn:uuid:…`: the same in every build, whatever the book is called and wherever it is published. */
  id: string;
  title: string;
  /** What is known of it, as plain text. */
  text: string;
  atUs: number;
  /** When it last changed: it ended, for one. */
  updatedUs: number;
  /** Who wrote it. */
  author: string | undefined;
  /** Its page, from the top of the site. */
  path: string;
  tags: string[];
}

/** A feed, before it is Atom or JSON. */
export interface Feed {
  id: string;
  /** The name of its files. */
  name: string;
  title: string;
  about: string;
  book: string;
  /** Newest first. */
  entries: FeedEntry[];
  /** That of the newest entry; 1970 where there is none, because a feed has to have one. */
  updatedUs: number;
}

/** Ids of Daybook's things are of this kind; chosen by chance once, and fixed for ever. */
const namespace = Buffer.from('6f1d8e5b2a9c4c739b04d7a1e3528f60', 'hex');

/** A name-based UUID (RFC 9562, version 5) of what never changes about a thing, as a URN. */
export function stableId(...parts: readonly (string | number)[]): string {
  const name = parts.map((part) => String(part).toWellFormed()).join('\n');
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `urn:uuid:${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')}`;
}
