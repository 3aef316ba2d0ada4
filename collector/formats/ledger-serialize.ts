import { jsonText, parseJson } from '../base/json-text.ts';
import type { LedgerKey } from './ledger-record.ts';

/** The text of a ledger, byte for byte as the original formats it; records come as JSON texts. */
export function serializeLedger(rows: Iterable<LedgerKey & { record: string }>): Buffer {
  const groups = new Map<string, Map<string, string[]>>();
  for (const { identifier, relpath, uid, record } of rows) {
    const relpaths = groups.get(identifier) ?? new Map<string, string[]>();
    groups.set(identifier, relpaths);
    const runs = relpaths.get(relpath) ?? [];
    relpaths.set(relpath, runs);
    runs.push(`      ${jsonText(uid)}: ${indent(record)}`);
  }
  if (groups.size === 0) return Buffer.from('{}');
  const parts = [...groups].map(([identifier, relpaths]) => {
    const inner = [...relpaths].map(
      ([relpath, runs]) => `    ${jsonText(relpath)}: {\n${runs.join(',\n')}\n    }`,
    );
    return `  ${jsonText(identifier)}: {\n${inner.join(',\n')}\n  }`;
  });
  return Buffer.from(`{\n${parts.join(',\n')}\n}`);
}

/** A record's text as it stands in the ledger: one that was read from there stays as it is, others are laid out. */
function indent(record: string): string {
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
