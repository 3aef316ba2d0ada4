import { join } from 'node:path';
import type { SnapshotRecord } from '../../../collector/formats/snapshots/periodic.ts';
import type { Finding } from '../book/types.ts';
import { writeJsonTwin } from '../publish/twin.ts';
import type { FieldIndex, SnapshotIndex } from './index.ts';
import { type CutSizes, usualSizes } from './publish/cuts.ts';
import { type FollowedField, fieldsOf, type SnapshotFacts, viewsOf } from './publish/facts.ts';
import { SnapshotPass } from './publish/pass.ts';
import { publishRolled } from './publish/rolled.ts';
import { reasonOf } from './reason.ts';
import type { SnapshotView } from './types.ts';

/** Takes snapshots oldest first and publishes them. */
export interface SnapshotPublisher {
  take(record: SnapshotRecord): void;
  finish(): SnapshotFacts;
}

/** Publishes records into `folder`: snapshots/ and fields/, each with an index and the files it names. `pages` is how many get one. */
export function publishSnapshots(
  folder: string,
  pages: number,
  sizes: CutSizes = usualSizes,
): SnapshotPublisher {
  const pass = new SnapshotPass(folder, undefined, sizes);
  return {
    take: (record) => pass.take({ id: record.id, sum: '', record }),
    finish() {
      const facts = pass.end();
      writeIndexes(folder, facts, pages);
      return facts;
    },
  };
}

/** Writes the indexes of the snapshots and of the fields. */
export function writeIndexes(
  folder: string,
  facts: SnapshotFacts,
  pages: number,
  rollups: Parameters<typeof publishRolled>[1] = [],
): void {
  const [views, fields] = [viewsOf(facts), fieldsOf(facts)];
  writeJsonTwin(join(folder, 'snapshots'), 'snapshots/', 'index', snapshotIndex(facts, views, pages));
  const home = join(folder, 'fields');
  const paths = fields.map(({ path }) => path);
  const rolled = publishRolled(home, rollups, paths);
  const index = fieldIndex(facts, fields);
  writeJsonTwin(home, 'fields/', 'index', rolled === undefined ? index : { ...index, rolled });
}

/** The findings of all files, in the order of their names. */
export function findingsOf({ findings }: SnapshotFacts): Finding[] {
  return findings.map(({ finding }) => finding);
}

function snapshotIndex(
  { ids, atUs, health, changes, parts }: SnapshotFacts,
  views: readonly SnapshotView[],
  pages: number,
): SnapshotIndex {
  const chunks: SnapshotIndex['chunks'] = { files: [], firsts: [] };
  let first = 0;
  for (const [file, count] of parts.flatMap((part) => part.chunks)) {
    chunks.files.push(file);
    chunks.firsts.push(first);
    first += count;
  }
  const reasons = views.flatMap((view, number): [number, string][] => {
    const reason = reasonOf(view);
    return reason === '' ? [] : [[number, reason]];
  });
  const firstPage = Math.max(0, ids.length - pages);
  return { format: 2, chunks, ids, atUs, health, reasons: Object.fromEntries(reasons), changes, firstPage };
}

function fieldIndex({ parts }: SnapshotFacts, fields: readonly FollowedField[]): FieldIndex {
  const numbers = new Map(fields.map(({ path }, number) => [path, number]));
  const index: FieldIndex = {
    format: 2,
    fields: fields.map(({ path, section, changes }) => ({ path, section, changes })),
    parts: [],
  };
  let first = 0;
  for (const { count, fields: own, files } of parts) {
    const named = files.map(([file, held]) => ({
      file,
      fields: held.map((at) => numbers.get(own[at]![0])!),
    }));
    index.parts.push({ first, files: named });
    first += count;
  }
  return index;
}
