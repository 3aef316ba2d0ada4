import type { LedgerKey } from './ledger-record.ts';

/** The text of a ledger, byte for byte as the original formats it; records come as JSON texts. */
export function serializeLedger(rows: Iterable<LedgerKey & { record: string }>): Buffer {
  const groups = new Map<string, Map<string, string[]>>();
  for (const { identifier, relpath, uid, record } of rows) {
    const relpaths = groups.get(identifier) ?? new Map<string, string[]>();
    groups.set(identifier, relpaths);
    const runs = relpaths.get(relpath) ?? [];
    relpaths.set(relpath, runs);
    runs.push(`      ${JSON.stringify(uid)}: ${indent(record)}`);
  }
  if (groups.size === 0) return Buffer.from('{}');
  const parts = [...groups].map(([identifier, relpaths]) => {
    const inner = [...relpaths].map(
      ([relpath, runs]) => `    ${JSON.stringify(relpath)}: {\n${runs.join(',\n')}\n    }`,
    );
    return `  ${JSON.stringify(identifier)}: {\n${inner.join(',\n')}\n  }`;
  });
  return Buffer.from(`{\n${parts.join(',\n')}\n}`);
}

/** A record's text as it stands in the ledger: one that was read from there stays as it is, others are laid out. */
function indent(record: string): string {
  if (record.startsWith('{\n        "') && record.endsWith('\n      }')) return record;
  try {
    return layOut(JSON.parse(record, keepNumbers), 3);
  } catch {
    return record; // It holds NaN, which Python reads.
  }
}

/** JSON.stringify with two spaces, moved in; texts cannot hold a raw newline, so every newline is layout. */
function layOut(value: unknown, depth: number): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${'  '.repeat(depth)}`);
}

/** Keeps what JavaScript would write otherwise than it was: 1.0, 1e-05, integers of more than 53 bits. */
export function keepNumbers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || String(value) === source) return value;
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(source);
}
