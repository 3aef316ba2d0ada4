import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type JsonObject, parseJson } from '../../browser.ts';
import { writeNamedTwin } from '../../publish/twin.ts';
import { frameOf } from '../frames.ts';
import type { SnapshotChunk } from '../index.ts';
import type { KeptPart } from './facts.ts';

/** Writes contents into chunks, one after the other. */
export class ChunkWriter {
  readonly files: KeptPart['chunks'];
  readonly #folder: string;
  #open: SnapshotChunk;

  /** Goes on from finished chunks, and from one that is not. */
  constructor(folder: string, files: KeptPart['chunks'] = [], open: SnapshotChunk = { ids: [], frames: [] }) {
    this.#folder = folder;
    this.files = [...files];
    this.#open = open;
  }

  /** `before` is the content of the snapshot before this one. */
  add(id: string, content: JsonObject, before: JsonObject | undefined): void {
    const isFirst = this.#open.ids.length === 0 || before === undefined;
    this.#open.frames.push(isFirst ? content : frameOf(before, content));
    this.#open.ids.push(id);
  }

  /** Ends the chunk that is open. */
  close(): void {
    if (this.#open.ids.length === 0) return;
    const name = writeNamedTwin(this.#folder, 'snapshots/', 'chunk', this.#open);
    this.files.push([name, this.#open.ids.length]);
    this.#open = { ids: [], frames: [] };
  }
}

/** A published chunk as it stands in its file. */
export function readChunk(folder: string, file: string): SnapshotChunk {
  return readPacked(folder, file) as SnapshotChunk;
}

/** What a compressed file holds. */
export function readPacked(folder: string, file: string): unknown {
  return parseJson(gunzipSync(readFileSync(join(folder, `${file}.json.gz`))).toString('utf8'));
}
