import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import type { LogPlace } from '../../../collector/store/log-reader.ts';
import type { ActionsFacts, CollectorReads, LoadEffects } from '../book/read-records.ts';
import { isObject } from '../browser.ts';
import { actionFacts, noFacts } from './facts.ts';
import type { KeptReading } from './kept-reading.ts';
import { type ActionSizes, publishActions } from './publish.ts';
import { actionRow } from './row.ts';
import { type ActionTableWriter, openActionTable, reopenActionTable } from './table.ts';

/** Where a reading stands between builds. */
export interface LogPlaces {
  /** The folder to publish into; what is kept of the reading goes beside it. */
  folder: string;
  /** The table that stays between builds. */
  table: string;
  /** A reading of the same files, of which only the last has grown since. */
  earlier: { folder: string; reading: KeptReading } | undefined;
  sizes?: ActionSizes | undefined;
}

const seenName = 'seen-lines.bin';
const seenParts = ['times', 'offsets', 'files', 'keys', 'keyed'] as const;
/** Logs with fewer lines are read again as quickly. */
const fewestKept = 20_000;

/** One pass over the log, or over what came since an earlier one, sorted and published. */
export async function readLog(
  root: string,
  collector: CollectorReads,
  places: LogPlaces,
  effects: LoadEffects,
): Promise<ActionsFacts> {
  const { folder, earlier } = places;
  const seen = earlier && readSeen(join(earlier.folder, '..', seenName));
  const reopened =
    earlier === undefined || seen === undefined
      ? undefined
      : await reopenActionTable({ path: places.table, token: earlier.reading.token });
  const known = reopened === undefined ? undefined : earlier?.reading;
  const writer = reopened ?? (await openActionTable(join(folder, '..'), places.table));
  try {
    const place: LogPlace | undefined = known && { ...known.place, seen: seen! };
    const read = await fill(root, collector, writer, { place, known, effects });
    const table = await writer.finish();
    effects.progress(`${table.total} actions sorted`);
    const { lines, repeated, broken } = read.totals;
    const summary =
      table.total === 0
        ? noFacts({ lines, repeated, broken })
        : await actionFacts(table, { lines, repeated, broken });
    const { index, starts } = await publishActions(join(folder, 'actions'), table, summary, {
      ...(places.sizes === undefined ? {} : { sizes: places.sizes }),
      before: known && { folder: join(earlier!.folder, 'actions'), ...known },
    });
    const facts: ActionsFacts = { summary, findings: read.findings, files: read.totals.files };
    const isLarge = lines >= (places.sizes === undefined ? fewestKept : 0);
    if (read.end === undefined || table.total === 0 || !isLarge) return facts;
    const { seen: packed, ...kept } = read.end;
    const token = randomUUID();
    writeSeen(join(folder, '..', seenName), packed);
    await table.keep(token);
    const reading = { token, place: kept, findings: read.held, ordinal: read.ordinal };
    return { ...facts, reading: { ...reading, shards: index.shards, starts } };
  } finally {
    writer.close();
  }
}

interface Reading {
  totals: LogPlace['totals'];
  findings: Finding[];
  /** Those before the end of the log brought its own. */
  held: Finding[];
  ordinal: number;
  end: LogPlace | undefined;
}

async function fill(
  root: string,
  collector: CollectorReads,
  writer: ActionTableWriter,
  given: { place: LogPlace | undefined; known: KeptReading | undefined; effects: LoadEffects },
): Promise<Reading> {
  const { place, known, effects } = given;
  const findings: Finding[] = [...(known?.findings ?? [])];
  let ordinal = known?.ordinal ?? 0;
  let end: LogPlace | undefined;
  let held: Finding[] = [];
  let hasBlobTrouble = false;
  const totals = await collector.readActions(
    root,
    (record) => {
      ordinal += 1;
      if (ordinal % 100_000 === 0) effects.progress(`${ordinal} actions read`);
      let details = record.details;
      if (isObject(details) && typeof details['$blob'] === 'string') {
        const resolved = collector.resolveDetails(root, details);
        details = resolved.details;
        if (resolved.finding !== undefined) {
          hasBlobTrouble = true;
          findings.push({
            ...resolved.finding,
            file: record.file,
            line: record.line,
            path: resolved.finding.file,
          });
        }
      }
      const row = actionRow(record, details);
      if (record.actionId === undefined) writer.add(row, ordinal);
      else writer.addPart({ ...row, actionId: record.actionId, ordinal });
    },
    (finding) => findings.push(finding),
    undefined,
    {
      from: place,
      onPlace(reached) {
        end = reached;
        held = [...findings];
      },
    },
  );
  // A blob that is missing may come, and then the line has other details.
  return { totals, findings, held, ordinal, end: hasBlobTrouble ? undefined : end };
}

function writeSeen(path: string, seen: LogPlace['seen']): void {
  const parts = seenParts.map((name) => seen[name]);
  const lengths = Float64Array.from(parts.map((part) => part.length));
  writeFileSync(
    path,
    Buffer.concat(
      [lengths, ...parts].map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)),
    ),
  );
}

function readSeen(path: string): LogPlace['seen'] | undefined {
  try {
    const bytes = readFileSync(path);
    const all = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    let at = seenParts.length;
    const parts = seenParts.map((name, number) => {
      const part = all.subarray(at, at + all[number]!);
      at += all[number]!;
      return [name, part] as const;
    });
    return at === all.length ? (Object.fromEntries(parts) as LogPlace['seen']) : undefined;
  } catch {
    return undefined;
  }
}
