import type { Blocks } from '../blocks.ts';
import { make } from '../dom.ts';
import { imageAddress, imageTypeOf } from './links.ts';

const maxShownChars = 2_000_000;

/** A copy of an artifact on a page of its own: a picture as it is, all else as text, and a way to save it. */
export async function artifactView(name: string, blocks: Blocks): Promise<HTMLElement> {
  const file = name.split('/').at(-1)!.replace(/^\d+-/, '');
  const bytes = await blocks.bytes(name);
  const save = make('button', { type: 'button', class: 'button' }, 'Save this file');
  save.addEventListener('click', () => saveFile(file, bytes));
  const content =
    imageTypeOf(name) === undefined
      ? make('pre', { class: 'raw', tabindex: 0 }, textOf(bytes))
      : make('img', { src: imageAddress(name, blocks), alt: file });
  return make('section', { class: 'artifact-view' }, make('h1', {}, file), make('p', {}, save), content);
}

function textOf(bytes: ArrayBuffer): string {
  const text = new TextDecoder().decode(bytes);
  return text.length > maxShownChars ? `${text.slice(0, maxShownChars)}…` : text;
}

function saveFile(name: string, bytes: ArrayBuffer): void {
  const href = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  make('a', { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
