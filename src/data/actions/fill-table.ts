import { crc32 } from 'node:zlib';
import type { ActionRecord } from '../../../collector/formats/actions/action.ts';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import type { LogPlace, LogTotals } from '../../../collector/store/log-reader.ts';
import type { CollectorReads } from '../book/read-records.ts';
import type { JsonValue } from '../browser.ts';
import { LineTable } from './line-table.ts';
import { actionRow, writerOf } from './row.ts';
import { type OddRows, oddFile } from './row-source.ts';

/** What one pass over a log came to. */
export interface LogReading {
  table: LineTable;
  totals: LogTotals;
  findings: Finding[];
  /** Those before the end of the log brought its own. */
  held: Finding[];
  hasBlobTrouble: boolean;
  /** Where another one can go on; undefined where that one must read all. */
  end: LogPlace | undefined;
}

/** Reads a log into a table of its lines, from its beginning or from where an earlier pass ended. */
export async function fillTable(
  root: string,
  collector: CollectorReads,
  odd: OddRows,
  known:
    | { table: LineTable; seen: LogPlace['seen']; place: Omit<LogPlace, 'seen'>; findings: Finding[] }
    | undefined,
  onLine: (table: LineTable) => void,
): Promise<LogReading> {
  const table = known?.table ?? new LineTable();
  const findings: Finding[] = [...(known?.findings ?? [])];
  let end: LogPlace | undefined;
  let held: Finding[] = [];
  let hasBlobTrouble = false;
  const resolved = (record: ActionRecord): JsonValue => {
    if (record.blob === undefined) return record.details;
    const { details, finding } = collector.resolveDetails(root, record.details);
    if (finding !== undefined) {
      hasBlobTrouble = true;
      findings.push({ ...finding, file: record.file, line: record.line, path: finding.file });
    }
    return details;
  };
  const totals = await collector.readActions(
    root,
    (record, { offset, part, bytes }) => {
      const { atUs, type, status, zoneless, actionId, line } = record;
      const isOdd = offset === undefined || part > 0;
      const place = isOdd
        ? { file: oddFile, ...odd.add(actionRow(record, resolved(record))) }
        : { file: record.file, offset, lengthBytes: bytes.length };
      if (!isOdd && record.blob !== undefined) resolved(record);
      const stamp = {
        type,
        status,
        word: record.statusWord,
        wordFrom: record.statusFrom,
        writer: writerOf(record),
        endable: actionId !== undefined,
        zoneless,
      };
      table.add({ ...place, atUs, line, crc: crc32(bytes), stamp, run: record.run ?? null, actionId });
      onLine(table);
    },
    (finding) => findings.push(finding),
    undefined,
    {
      from: known && { ...known.place, seen: known.seen },
      onPlace(reached) {
        end = reached;
        held = [...findings];
      },
    },
  );
  return { table, totals, findings, held, hasBlobTrouble, end };
}
