import { join } from 'node:path';
import type { JsonObject } from '../../browser.ts';
import { linkOrCopy } from '../../publish/link-files.ts';
import { writeNamedTwin } from '../../publish/twin.ts';
import type { SnapshotChunk } from '../index.ts';
import { ChunkWriter, readChunk } from './chunks.ts';
import type { EarlierSnapshots } from './earlier.ts';
import type { KeptPart } from './facts.ts';
import { FieldTracks, followedSum, tracksUntil } from './field-tracks.ts';

/** Where a part goes on: the earlier one, how many of its snapshots hold, and how many of these lie in a chunk that is not over. */
export interface PartBegin {
  earlier: EarlierSnapshots;
  part: KeptPart;
  count: number;
  inChunk: number;
}

/** Makes one part: publishes its contents in chunks, and the values of its fields. */
export class PartMaker {
  readonly #folder: string;
  readonly #chunks: ChunkWriter;
  readonly #fields: FieldTracks;
  readonly #followedSum: string;
  #count: number;
  #before: JsonObject | undefined;

  /** `before` is the content of the snapshot before the next one; `followed` the fields of the parts before this one. */
  constructor(
    folder: string,
    followed: Set<string>,
    before: JsonObject | undefined,
    begin: PartBegin | undefined,
  ) {
    this.#folder = folder;
    this.#before = before;
    this.#followedSum = followedSum(followed);
    this.#count = begin?.count ?? 0;
    const tracks =
      begin === undefined ? [] : tracksUntil(begin.part, begin.count, (file) => begin.earlier.valuesOf(file));
    this.#fields = new FieldTracks(followed, before, tracks);
    // Whether that was before or behind this place is not known.
    if (begin?.part.limitedBy !== undefined) this.#fields.isLimited = true;
    this.#chunks = begin === undefined ? new ChunkWriter(this.#contents) : chunksUntil(this.#contents, begin);
  }

  get #contents(): string {
    return join(this.#folder, 'snapshots');
  }

  add(id: string, content: JsonObject): void {
    this.#chunks.add(id, content, this.#before);
    this.#fields.follow(this.#count, content);
    this.#count += 1;
    this.#before = content;
  }

  endChunk(): void {
    this.#chunks.close();
  }

  end(): KeptPart {
    this.#chunks.close();
    const files = this.#fields
      .files()
      .map(({ fields, values }): KeptPart['files'][number] => [
        writeNamedTwin(join(this.#folder, 'fields'), 'fields/', 'values', values),
        fields,
      ]);
    return {
      count: this.#count,
      fields: this.#fields.fields(),
      chunks: this.#chunks.files,
      files,
      ...(this.#fields.isLimited ? { limitedBy: this.#followedSum } : {}),
    };
  }
}

/** The chunks of an earlier part as far as they hold. */
function chunksUntil(folder: string, { earlier, part, count, inChunk }: PartBegin): ChunkWriter {
  const whole: KeptPart['chunks'] = [];
  let first = 0;
  let open: SnapshotChunk = { ids: [], frames: [] };
  for (const chunk of part.chunks) {
    const [file, size] = chunk;
    if (first + size <= count - inChunk) {
      linkTwins(join(earlier.folder, 'snapshots'), folder, file);
      whole.push(chunk);
    } else if (first < count) {
      const { ids, frames } = readChunk(join(earlier.folder, 'snapshots'), file);
      open = { ids: ids.slice(0, inChunk), frames: frames.slice(0, inChunk) };
    }
    first += size;
  }
  return new ChunkWriter(folder, whole, open);
}

/** Takes all files of an earlier part over. */
export function linkPart(earlier: EarlierSnapshots, folder: string, part: KeptPart): void {
  for (const [file] of part.chunks)
    linkTwins(join(earlier.folder, 'snapshots'), join(folder, 'snapshots'), file);
  for (const [file] of part.files) linkTwins(join(earlier.folder, 'fields'), join(folder, 'fields'), file);
}

function linkTwins(from: string, to: string, file: string): void {
  for (const name of [`${file}.json.gz`, `${file}.js`]) linkOrCopy(join(from, name), join(to, name));
}
