import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { SnapshotRecord } from '../../../collector/formats/snapshots/periodic.ts';
import type { Difference } from '../book/types.ts';
import { differences, isoMicros, type JsonObject, jsonText, parseJson } from '../browser.ts';
import { writeJsonTwin, writeTwin } from '../publish/twin.ts';
import { followFields } from './field-histories.ts';
import { type FieldIndex, perChunk, type SnapshotChunk, type SnapshotIndex } from './index.ts';
import { reasonOf } from './reason.ts';
import type { FieldHistory, SnapshotView } from './types.ts';

/** What is known about the snapshots of a book after one pass over them. */
export interface SnapshotFacts {
  views: SnapshotView[];
  fields: FieldHistory[];
  /** Differences of the snapshots with a page, by id. */
  changes: [id: string, changes: Difference[]][];
}

/** Takes snapshots oldest first and publishes them. */
export interface SnapshotPublisher {
  take(record: SnapshotRecord): void;
  finish(): SnapshotFacts;
}

/** Publishes into `folder`: snapshots/index, snapshots/chunk-NNNN, fields/index and one file for each section. */
export function publishSnapshots(folder: string, pages: number): SnapshotPublisher {
  const views: SnapshotView[] = [];
  const changes: [string, Difference[]][] = [];
  const fields = followFields();
  const chunks = chunkWriter(join(folder, 'snapshots'));
  let before: SnapshotRecord | undefined;
  return {
    take(record) {
      const found = before === undefined ? [] : tellingDifferences(before, record);
      before = record;
      const { content, ...view } = record;
      views.push({ ...view, changes: found.length });
      changes.push([record.id, found]);
      if (changes.length > pages) changes.shift();
      fields.follow(content);
      chunks.add(record.id, content);
    },
    finish() {
      chunks.close();
      writeJsonTwin(join(folder, 'snapshots'), 'snapshots/', 'index', snapshotIndex(views, changes.length));
      const index: FieldIndex = { format: 1, sections: [] };
      for (const [number, section] of fields.sections().entries()) {
        const file = `section-${String(number).padStart(3, '0')}`;
        writeJsonTwin(join(folder, 'fields'), 'fields/', file, section);
        const listed = section.fields.map(({ path, points }) => ({ path, changes: points.length - 1 }));
        index.sections.push({ section: section.section, file, fields: listed });
      }
      writeJsonTwin(join(folder, 'fields'), 'fields/', 'index', index);
      return { views, fields: fields.histories(views), changes };
    },
  };
}

/** The content of one published snapshot; reads its chunk and remembers the last one. */
export function publishedContent(
  folder: string,
  views: SnapshotView[],
): (id: string) => JsonObject | undefined {
  const numbers = new Map(views.map((view, number) => [view.id, number]));
  let loaded: { chunk: number; contents: SnapshotChunk } | undefined;
  return (id) => {
    const number = numbers.get(id);
    if (number === undefined) return undefined;
    const chunk = Math.floor(number / perChunk);
    if (loaded?.chunk !== chunk) {
      const text = readFileSync(join(folder, 'snapshots', `${chunkName(chunk)}.json`), 'utf8');
      loaded = { chunk, contents: parseJson(text) as SnapshotChunk };
    }
    return loaded.contents[number % perChunk]?.content as JsonObject | undefined;
  };
}

/** Differences without those that only say that time has passed: ids and the moment of taking itself. */
function tellingDifferences(before: SnapshotRecord, after: SnapshotRecord): Difference[] {
  const moments = new Set([after.content['timestamp'], isoMicros(after.atUs)]);
  return differences(before.content, after.content)
    .filter(
      ({ path, after: value }) =>
        path !== 'snapshot_id' &&
        path !== 'timestamp' &&
        !(path.endsWith('.timestamp') && moments.has(value)),
    )
    .map(withoutPlace);
}

/** What pages say of a difference: not its place for programs, and of many moved elements only the first. */
function withoutPlace({
  place: _,
  moves,
  ...difference
}: ReturnType<typeof differences>[number]): Difference {
  return moves === undefined ? difference : { ...difference, moves: moves.slice(0, maxMoves) };
}

const maxMoves = 20;

function snapshotIndex(views: SnapshotView[], pages: number): SnapshotIndex {
  return {
    format: 1,
    perChunk,
    ids: views.map((view) => view.id),
    atUs: views.map((view) => view.atUs),
    health: views.map((view) => view.health),
    reasons: Object.fromEntries(
      views.flatMap((view, number) => {
        const reason = reasonOf(view);
        return reason === '' ? [] : [[number, reason]];
      }),
    ),
    changes: views.map((view) => view.changes),
    firstPage: views.length - pages,
  };
}

function chunkWriter(folder: string): { add(id: string, content: JsonObject): void; close(): void } {
  mkdirSync(folder, { recursive: true });
  let [count, descriptor] = [0, -1];
  const path = () => join(folder, `${chunkName(Math.floor((count - 1) / perChunk))}.json`);
  const close = () => {
    if (descriptor === -1) return;
    writeSync(descriptor, ']\n');
    closeSync(descriptor);
    descriptor = -1;
    writeTwin(folder, 'snapshots/', chunkName(Math.floor((count - 1) / perChunk)), readFileSync(path()));
  };
  return {
    add(id, content) {
      if (count % perChunk === 0) close();
      count += 1;
      const first = descriptor === -1;
      if (first) descriptor = openSync(path(), 'w');
      writeSync(descriptor, `${first ? '[' : ',\n'}${jsonText({ id, content })}`);
    },
    close,
  };
}

function chunkName(chunk: number): string {
  return `chunk-${String(chunk).padStart(4, '0')}`;
}
