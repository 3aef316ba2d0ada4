import { isObject, type JsonObject, type JsonValue } from '../../../base/json/json.ts';
import { parseLenientJson } from '../../../base/json/lenient.ts';
import { jsonText } from '../../../base/json/text.ts';
import { hasShape } from '../../../base/secrets/shape-rules.ts';
import type { LedgerRow, OwnRow } from '../../../formats/ledger/join.ts';
import { parseReceipt } from '../../../formats/receipts/receipt.ts';
import { serializeReceipt } from '../../../formats/receipts/text.ts';
import { textOfFile } from '../../../formats/text/file.ts';
import type { BookMasking } from '../../../store/book-masking.ts';

/** A file as others get to see it. */
export interface ShownFile {
  bytes: Buffer;
  isMasked: boolean;
}

/**
 * A receipt or the file of an experiment without what looks like a secret: the very bytes where nothing had to go, else written
 * anew. Undefined where something is left that cannot be taken out: a patch would not apply any more, a comment is no value.
 */
export function showDocument(
  kind: 'receipt' | 'experiment',
  bytes: Buffer,
  masking: BookMasking,
): ShownFile | undefined {
  const { text } = textOfFile(bytes);
  if (text === undefined) return undefined;
  const document = kind === 'receipt' ? receiptIn(text) : experimentIn(text);
  // What cannot be read as what it is can be looked at as a text.
  if (document === undefined) return masking.texts(text) === text ? { bytes, isMasked: false } : undefined;
  const masked = kind === 'receipt' ? masking.receipt(document) : masking.experiment(document);
  const isSame = jsonText(masked) === jsonText(document);
  if (isSame && !isSuspect(text, masking)) return { bytes, isMasked: false };
  const anew = kind === 'receipt' ? serializeReceipt(masked) : `${jsonText(masked, 2)}\n`;
  return isSuspect(anew, masking) ? undefined : { bytes: Buffer.from(anew), isMasked: true };
}

/** Where nothing is to be masked, nothing is looked for. */
function isSuspect(text: string, masking: BookMasking): boolean {
  return masking.isOn && hasShape(text);
}

function receiptIn(text: string): JsonObject | undefined {
  return parseReceipt(text, { file: '', bytes: text.length, digest: '' }).record?.raw;
}

function experimentIn(text: string): JsonObject | undefined {
  const parsed = parseLenientJson(text);
  return parsed.ok && parsed.repaired === undefined && isObject(parsed.value) ? parsed.value : undefined;
}

/** Lines of metrics, each as others get to see it; names of metrics may hold what a text may. */
export function showLines(lines: Buffer, masking: BookMasking): ShownFile {
  if (!masking.isOn) return { bytes: lines, isMasked: false };
  let isMasked = false;
  const shown = lines
    .toString('utf8')
    .split('\n')
    .map((line) => {
      if (line === '') return line;
      const parsed = parseLenientJson(line);
      const value: JsonValue = parsed.ok ? parsed.value : line;
      const masked = masking.texts(value);
      if (masked === value) return line;
      isMasked = true;
      return typeof masked === 'string' ? masked : jsonText(masked);
    });
  return isMasked ? { bytes: Buffer.from(shown.join('\n')), isMasked } : { bytes: lines, isMasked };
}

/** Runs of a ledger, each beside what others get to see of it. */
export function showRows(rows: readonly LedgerRow[], masking: BookMasking): OwnRow[] {
  return rows.map((here) => {
    const { identifier, relpath, uid, record } = here;
    const given: JsonObject = { identifier, relpath, record };
    const masked = masking.texts(given);
    if (masked === given) return { here, shown: here };
    const shown = { ...masked, uid } as unknown as LedgerRow;
    return { here, shown };
  });
}
