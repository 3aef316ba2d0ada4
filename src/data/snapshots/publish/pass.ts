import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SnapshotRecord } from '../../../../collector/formats/snapshots/periodic.ts';
import type { JsonObject } from '../../browser.ts';
import { countTelling } from '../telling.ts';
import { type CutSizes, Cuts, usualSizes } from './cuts.ts';
import type { EarlierSnapshots } from './earlier.ts';
import { type KeptPart, noFacts, type SnapshotFacts } from './facts.ts';
import { fitsFollowed } from './field-tracks.ts';
import { linkPart, PartMaker } from './part-maker.ts';

/** A snapshot that is published: as an earlier build knew it, by its number there, or as it was read. */
export interface PublishedSnapshot {
  id: string;
  /** Checksum of its file. */
  sum: string;
  known?: number | undefined;
  record?: SnapshotRecord | undefined;
}

/**
 * Takes snapshots oldest first and publishes their contents and the values of their fields. As long as they are those of an
 * earlier build, one part after the other, its files are taken over unread; a part in which something is another goes on from
 * there.
 */
export class SnapshotPass {
  readonly #facts = noFacts();
  readonly #folder: string;
  readonly #earlier: EarlierSnapshots | undefined;
  readonly #cuts: Cuts;
  /** Fields of all parts until now. */
  readonly #followed = new Set<string>();
  /** The part of the earlier build that the snapshots of this part have been until now. */
  #same: { part: KeptPart; first: number } | undefined;
  #maker: PartMaker | undefined;
  #before: { known: number | undefined; content: JsonObject | undefined } | undefined;
  #zoneless: Set<number> | undefined;

  /** `folder` gets snapshots/ and fields/. */
  constructor(folder: string, earlier?: EarlierSnapshots, sizes: CutSizes = usualSizes) {
    this.#folder = folder;
    this.#earlier = earlier;
    this.#cuts = new Cuts(sizes);
    for (const name of ['snapshots', 'fields']) mkdirSync(join(folder, name), { recursive: true });
  }

  take({ id, sum, known, record }: PublishedSnapshot): void {
    const inPart = this.#cuts.inPart;
    if (inPart === 0) this.#beginPart(known);
    if (this.#same !== undefined) {
      const { part, first } = this.#same;
      if (inPart >= part.count || known !== first + inPart) this.#goOnFrom(part);
    } else this.#maker ??= new PartMaker(this.#folder, this.#followed, this.#contentBefore(), undefined);
    const content = this.#maker === undefined ? undefined : this.#contentOf(known, record);
    this.#list({ id, sum, known, record }, content);
    if (content !== undefined) this.#maker?.add(id, content);
    this.#before = { known, content };
    const cut = this.#cuts.take(id);
    if (cut === 'chunk') this.#maker?.endChunk();
    else if (cut === 'part') this.#endPart(inPart + 1);
  }

  /** What is known after all. */
  end(): SnapshotFacts {
    if (this.#cuts.inPart > 0) this.#endPart(this.#cuts.inPart);
    return this.#facts;
  }

  /** Looks whether the earlier build had a part that began with this snapshot, behind the same one. */
  #beginPart(known: number | undefined): void {
    const part = known === undefined ? undefined : this.#earlier?.partAt(known);
    const isBehindSame = known === 0 ? this.#before === undefined : this.#isBehind(known);
    this.#same =
      part !== undefined && isBehindSame && fitsFollowed(part, this.#followed)
        ? { part, first: known! }
        : undefined;
  }

  /** Whether the snapshot before this one is the one it was behind in the earlier build. */
  #isBehind(known: number | undefined): boolean {
    return known !== undefined && this.#before?.known === known - 1;
  }

  /** The part is another from here on. */
  #goOnFrom(part: KeptPart): void {
    const begin = { earlier: this.#earlier!, part, count: this.#cuts.inPart, inChunk: this.#cuts.inChunk };
    this.#same = undefined;
    this.#maker = new PartMaker(
      this.#folder,
      this.#followed,
      this.#contentBefore(),
      begin.count === 0 ? undefined : begin,
    );
  }

  #endPart(count: number): void {
    const { part } = this.#same ?? {};
    if (part !== undefined && count < part.count) this.#goOnFrom(part);
    if (this.#maker !== undefined) this.#facts.parts.push(this.#maker.end());
    else if (part !== undefined) {
      linkPart(this.#earlier!, this.#folder, part);
      for (const [path] of part.fields) this.#followed.add(path);
      this.#facts.parts.push(part);
    }
    this.#same = undefined;
    this.#maker = undefined;
  }

  #contentBefore(): JsonObject | undefined {
    if (this.#before === undefined) return undefined;
    const { known, content } = this.#before;
    return content ?? this.#earlier?.contentOf(known!);
  }

  #contentOf(known: number | undefined, record: SnapshotRecord | undefined): JsonObject {
    const content = record?.content ?? this.#earlier?.contentOf(known!);
    if (content === undefined) throw new Error(`Expected snapshot ${known} in the kept chunks, found none.`);
    return content;
  }

  #list({ id, sum, known, record }: PublishedSnapshot, content: JsonObject | undefined): void {
    const { ids, sums, atUs, bytes, health, reasons, files, zoneless, changes } = this.#facts;
    const number = ids.length;
    const old = this.#earlier?.facts;
    ids.push(id);
    sums.push(sum);
    atUs.push(record?.atUs ?? old!.atUs[known!]!);
    bytes.push(record?.bytes ?? old!.bytes[known!]!);
    health.push(record?.health ?? old!.health[known!]!);
    const why = record?.healthReasons ?? old!.reasons[known!] ?? [];
    if (why.length > 0) reasons[number] = why;
    const file = record?.file ?? old!.files[known!];
    if (file !== undefined && file !== `snapshots/${id}.json`) files[number] = file;
    if (record?.zoneless ?? this.#wasZoneless(known!)) zoneless.push(number);
    if (known !== undefined && this.#isBehind(known)) changes.push(old!.changes[known]!);
    else if (this.#before === undefined) changes.push(0);
    else changes.push(countTelling(this.#contentBefore()!, content!, atUs[number]!));
  }

  #wasZoneless(known: number): boolean {
    this.#zoneless ??= new Set(this.#earlier?.facts.zoneless);
    return this.#zoneless.has(known);
  }
}
