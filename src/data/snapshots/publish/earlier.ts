import { join } from 'node:path';
import type { JsonObject } from '../../browser.ts';
import type { FieldValues } from '../index.ts';
import { chunkOf, LaidChunk } from '../laid-chunk.ts';
import { readChunk, readPacked } from './chunks.ts';
import type { KeptFinding, KeptPart, SnapshotFacts } from './facts.ts';

/** What an earlier build knew of the snapshots, and the files that it published of them. */
export class EarlierSnapshots {
  readonly facts: SnapshotFacts;
  readonly folder: string;
  readonly #numbers: Map<string, number>;
  readonly #findings: Map<string, KeptFinding>;
  /** By the number of the first snapshot in each. */
  readonly #parts = new Map<number, KeptPart>();
  readonly #contents: PublishedContents;

  /** `folder` is the one with snapshots/ and fields/ in it. */
  constructor(folder: string, facts: SnapshotFacts) {
    this.facts = facts;
    this.folder = folder;
    this.#numbers = new Map(facts.ids.map((id, number) => [id, number]));
    this.#findings = new Map(facts.findings.map((each) => [each.id, each]));
    let first = 0;
    for (const part of facts.parts) {
      this.#parts.set(first, part);
      first += part.count;
    }
    this.#contents = new PublishedContents(folder, facts.parts);
  }

  /** The number of a snapshot, where its file is the same. */
  numberOf(id: string, sum: string): number | undefined {
    const number = this.#numbers.get(id);
    return number !== undefined && this.facts.sums[number] === sum ? number : undefined;
  }

  /** What was said of the file of a snapshot, where that is the same. */
  findingOf(id: string, sum: string): KeptFinding | undefined {
    const found = this.#findings.get(id);
    return found?.sum === sum ? found : undefined;
  }

  /** The part that began with a snapshot. */
  partAt(number: number): KeptPart | undefined {
    return this.#parts.get(number);
  }

  contentOf(number: number): JsonObject | undefined {
    return this.#contents.at(number);
  }

  valuesOf(file: string): FieldValues {
    return readPacked(join(this.folder, 'fields'), file) as FieldValues;
  }
}

/** The contents of published snapshots by number; the chunks read last are remembered. */
export class PublishedContents {
  readonly #folder: string;
  readonly #files: string[] = [];
  readonly #firsts: number[] = [];
  readonly #laid = new Map<number, LaidChunk>();

  constructor(folder: string, parts: readonly KeptPart[]) {
    this.#folder = join(folder, 'snapshots');
    let first = 0;
    for (const [file, count] of parts.flatMap(({ chunks }) => chunks)) {
      this.#files.push(file);
      this.#firsts.push(first);
      first += count;
    }
  }

  at(number: number): JsonObject | undefined {
    const chunk = chunkOf(this.#firsts, number);
    if (chunk < 0) return undefined;
    const laid = this.#laid.get(chunk) ?? new LaidChunk(readChunk(this.#folder, this.#files[chunk]!));
    this.#laid.delete(chunk);
    this.#laid.set(chunk, laid);
    if (this.#laid.size > maxChunks) this.#laid.delete(this.#laid.keys().next().value!);
    return laid.at(number - this.#firsts[chunk]!);
  }
}

/** Two that are compared may lie in neighbours. */
const maxChunks = 3;
