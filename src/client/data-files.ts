import type { AsyncBuffer } from 'hyparquet';
import { parseJson, parsePlainJson } from '../data/browser.ts';
import { type Blocks, openedBlocks } from './blocks.ts';
import { breathe } from './breathe.ts';
import { bytesOf, unzipped } from './bytes.ts';

declare global {
  // Script twins register themselves here; see publish-twin.ts.
  var daybookData: Record<string, string> | undefined;
}

/** A binary file of which parts are read; over http a signal ends what is on its way. */
export interface DataFile extends AsyncBuffer {
  slice(start: number, end?: number, signal?: AbortSignal): ArrayBuffer | Promise<ArrayBuffer>;
}

/** Data files of the site: fetched in ranges over http, through their script twins from disk, from its blocks where it is one file. */
export interface DataFiles {
  json(name: string): Promise<unknown>;
  /** A JSON file that is published compressed. */
  packedJson(name: string): Promise<unknown>;
  /** The same of numbers that are measured: all of them are as JavaScript has them, and reading is quick. */
  packedNumbers(name: string): Promise<unknown>;
  /** A binary file; only the parts that are asked for travel. */
  open(file: string, bytes: number): Promise<DataFile>;
}

/** The files below `base` (e.g. "data/actions/"), whose twins are registered below `prefix` (e.g. "actions/"). */
export function dataFiles(base: string, prefix: string): DataFiles {
  const blocks = openedBlocks();
  if (blocks !== undefined) return filesFromBlocks(blocks, `data/${prefix}`);
  return location.protocol === 'file:' ? filesFromScripts(base, prefix) : filesFromServer(base);
}

/** What is said where data files are not those that an index names. */
export function siteReplaced(): Error {
  return new Error('the site was built again since this page was opened; reload the page');
}

function filesFromServer(base: string): DataFiles {
  return {
    async json(name) {
      const response = await fetch(`${base}${name}.json`, { cache: 'no-cache' });
      if (!response.ok) throw new Error(`${base}${name}.json: the server answered ${response.status}`);
      return parseJson(await response.text());
    },
    packedJson: async (name) => unpacked(await fetched(`${base}${name}.json.gz`)),
    packedNumbers: async (name) => unpackedNumbers(await fetched(`${base}${name}.json.gz`)),
    open: async (file, bytes) => servedFile(new URL(base + file, document.baseURI).href, bytes),
  };
}

async function fetched(address: string): Promise<ArrayBuffer> {
  const response = await fetch(address, { cache: 'no-cache' });
  if (!response.ok) throw new Error(`${address}: the server answered ${response.status}`);
  return response.arrayBuffer();
}

/** A file of a server, read in ranges; one that answers with all of it is asked once. */
function servedFile(url: string, byteLength: number): DataFile {
  let whole: Promise<ArrayBuffer> | undefined;
  const slice = async (start: number, end = byteLength, signal?: AbortSignal): Promise<ArrayBuffer> => {
    if (whole !== undefined) return (await whole).slice(start, end);
    const range = { Range: `bytes=${start}-${end - 1}` };
    const response = await fetch(url, { headers: range, ...(signal === undefined ? {} : { signal }) });
    if (response.status === 206) return response.arrayBuffer();
    if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
    const all = response.arrayBuffer();
    whole = all;
    all.catch(() => {
      whole = undefined;
    });
    return (await all).slice(start, end);
  };
  return { byteLength, slice: (start, end, signal) => slice(start, end, signal).catch(replaced) };
}

/** For files whose names change with their content: where one is gone, there is a newer site. */
export function replaced(error: unknown): never {
  if (!/ 404\b/.test(String(error))) throw error;
  throw siteReplaced();
}

function filesFromScripts(base: string, prefix: string): DataFiles {
  const load = async (name: string): Promise<ArrayBuffer> => {
    await loadScript(`${base}${name}.js`);
    const text = globalThis.daybookData?.[prefix + name];
    if (text === undefined) throw new Error(`${base}${name}.js did not register its data`);
    delete globalThis.daybookData?.[prefix + name];
    return bytesOf(text);
  };
  return {
    async json(name) {
      return parsed(await load(name));
    },
    packedJson: async (name) => unpacked(await load(name)),
    packedNumbers: async (name) => unpackedNumbers(await load(name)),
    async open(file) {
      const buffer = await load(file.replace(/\.parquet$/, ''));
      return inPieces(buffer);
    },
  };
}

function filesFromBlocks(blocks: Blocks, folder: string): DataFiles {
  return {
    json: async (name) => parsed(await blocks.bytes(`${folder}${name}.json`)),
    packedJson: async (name) => unpacked(await blocks.bytes(`${folder}${name}.json.gz`)),
    packedNumbers: async (name) => unpackedNumbers(await blocks.bytes(`${folder}${name}.json.gz`)),
    async open(file) {
      const buffer = await blocks.bytes(folder + file);
      return inPieces(buffer);
    },
  };
}

/** A file that is there whole: its parts come one by one as those of a server do, so that taking each in is a task of its own. */
function inPieces(buffer: ArrayBuffer): DataFile {
  return {
    byteLength: buffer.byteLength,
    async slice(start, end) {
      await breathe();
      // All of it is no copy: that would be as much again.
      return start === 0 && end === buffer.byteLength ? buffer : buffer.slice(start, end);
    },
  };
}

async function unpacked(bytes: ArrayBuffer): Promise<unknown> {
  return parsed(await unzipped(bytes));
}

async function unpackedNumbers(bytes: ArrayBuffer): Promise<unknown> {
  return parsePlainJson(new TextDecoder().decode(await unzipped(bytes)));
}

function parsed(bytes: ArrayBuffer): unknown {
  return parseJson(new TextDecoder().decode(bytes));
}

function loadScript(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.addEventListener('load', () => {
      script.remove();
      resolve();
    });
    script.addEventListener('error', () => {
      script.remove();
      reject(
        new Error(
          `${address} is not there; if the site was built again, reload the page; one built with site.fileProtocol: false works over http alone`,
        ),
      );
    });
    document.head.append(script);
  });
}
