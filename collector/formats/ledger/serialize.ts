import { jsonText, parseJson } from '../../base/json/text.ts';
import type { LedgerKey } from './record.ts';

/** The runs of one identifier and relpath. */
export type LedgerSpace = Pick<LedgerKey, 'identifier' | 'relpath'>;

/** The text of a ledger, byte for byte as the original formats it; records come as JSON texts. */
export function serializeLedger(rows: Iterable<LedgerKey & { record: string }>): Buffer {
  return layOutLedger(rows).bytes;
}

/** The same, and which runs stand at the end of it: another one of these is put behind them by writing at the end only. */
export function layOutLedger(rows: Iterable<LedgerKey & { record: string }>): {
  bytes: Buffer;
  last: LedgerSpace | undefined;
} {
  const groups = new Map<string, Map<string, string[]>>();
  for (const { identifier, relpath, uid, record } of rows) {
    const relpaths = groups.get(identifier) ?? new Map<string, string[]>();
    groups.set(identifier, relpaths);
    const runs = relpaths.get(relpath) ?? [];
    relpaths.set(relpath, runs);
    runs.push(layOutRun(uid, record));
  }
  if (groups.size === 0) return { bytes: Buffer.from('{}'), last: undefined };
  const parts = [...groups].map(([identifier, relpaths]) => {
    const inner = [...relpaths].map(
      ([relpath, runs]) => `    ${jsonText(relpath)}: {\n${runs.join(',\n')}\n    }`,
    );
    return `  ${jsonText(identifier)}: {\n${inner.join(',\n')}\n  }`;
  });
  const [identifier, relpaths] = [...groups].at(-1)!;
  const last = { identifier, relpath: [...relpaths.keys()].at(-1)! };
  return { bytes: Buffer.from(`{\n${parts.join(',\n')}${ledgerEnd}`), last };
}

/** What every ledger with a run ends with, as it is laid out, behind its last run. */
export const runsEnd = '\n    }\n  }\n}';
const ledgerEnd = '\n}';

/** A run as it stands in a ledger. */
export function layOutRun(uid: string, record: string): string {
  return `      ${jsonText(uid)}: ${layOutRecord(record)}`;
}

/** A record's text as it stands in the ledger: one that was read from there stays as it is, others are laid out. */
export function layOutRecord(record: string): string {
  if (record.startsWith('{\n        "') && record.endsWith('\n      }')) return record;
  try {
    return layOut(parseJson(record), 3);
  } catch {
    return record; // It holds NaN, which Python reads.
  }
}

/** JSON with two spaces, moved in; texts cannot hold a raw newline, so every newline is layout. */
function layOut(value: unknown, depth: number): string {
  return jsonText(value, 2).replaceAll('\n', `\n${'  '.repeat(depth)}`);
}
