import { bytesOf, unzipped } from './bytes.ts';

/** The files that a site of one file holds: each the text of an element, as base64, which no recorded text can leave. */
export class Blocks {
  readonly #elements = new Map<string, HTMLElement>();

  constructor(root: ParentNode) {
    for (const element of root.querySelectorAll<HTMLElement>('script[data-file]'))
      this.#elements.set(decodeURIComponent(element.dataset['file']!), element);
  }

  has(name: string): boolean {
    return this.#elements.has(name);
  }

  /** A file as base64, compressed where it was. */
  base64(name: string): string {
    const element = this.#elements.get(name);
    if (element === undefined) throw new Error(`${name} is not in this file`);
    return (element.textContent ?? '').trim();
  }

  /** The bytes of a file. */
  async bytes(name: string): Promise<ArrayBuffer> {
    const bytes = bytesOf(this.base64(name));
    return this.#elements.get(name)?.dataset['coding'] === 'gzip' ? unzipped(bytes) : bytes;
  }
}

let opened: Blocks | undefined;

/** Opens the blocks of this document: from then on data files are read from them. */
export function openBlocks(root: ParentNode): Blocks {
  opened = new Blocks(root);
  return opened;
}

/** The blocks of this document; undefined on a site of many files. */
export function openedBlocks(): Blocks | undefined {
  return opened;
}
