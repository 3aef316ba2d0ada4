import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { jsonText } from '../../base/json/text.ts';
import { showText } from '../../base/show.ts';
import { textOfFile } from '../text/file.ts';
import { readContent } from './content.ts';
import { exportConversionCommand, pythonKindOf, rawMember } from './python.ts';
import { storeTime, type VersionMetadata, withBase } from './version.ts';

/** One version in a file of its own, in the form of the original. */
export interface VersionExport {
  data: JsonValue;
  /** Whatever the file says; the reader takes from it what it understands. */
  metadata: JsonObject;
  sourceId: string | undefined;
}

/** The text of an export: {data, metadata, exported_at, source_id}, whole whatever the version was. */
export function serializeExport(data: JsonValue, metadata: VersionMetadata, nowUs: number): string {
  const { chain: _, stored_bytes: __, ...plain } = withBase(metadata, undefined);
  const content = { data, metadata: plain, exported_at: storeTime(nowUs), source_id: metadata.version };
  return `${jsonText(content, 2)}\n`;
}

/** Reads an export of ours or of the original; `problem` is a phrase. The checksum it names is checked. */
export function parseExport(
  bytes: Buffer,
  unverified = false,
): VersionExport | { problem: string; hint: string } {
  if (pythonKindOf(bytes) === 'pickle')
    return {
      problem: 'a pickled export, which only Python can read',
      hint: `Convert it: ${exportConversionCommand()}`,
    };
  const { text, remark } = textOfFile(bytes);
  if (text === undefined) return { problem: remark!.found, hint: remark!.hint };
  const parsed = parseLenientJson(text);
  if (!parsed.ok) return { problem: `no JSON: ${showText(parsed.reason, 100)}`, hint: whatItIs };
  if (!isObject(parsed.value) || !Object.hasOwn(parsed.value, 'data'))
    return { problem: 'JSON without "data"', hint: whatItIs };
  const metadata = isObject(parsed.value['metadata']) ? parsed.value['metadata'] : {};
  const { data, source_id: source } = parsed.value;
  const checksum = metadata['checksum'];
  if (typeof checksum === 'string' && !unverified && !isIntact(text, data!, checksum))
    return {
      problem: `data that does not have the checksum ${showText(checksum.slice(0, 12))}… it names`,
      hint: 'It was altered or damaged; --unverified takes it all the same.',
    };
  return { data: data!, metadata, sourceId: typeof source === 'string' ? source : undefined };
}

function isIntact(text: string, data: JsonValue, checksum: string): boolean {
  // A text is stored as it is by the original, and so its checksum is that of the bare text.
  const raw = typeof data === 'string' ? data : (rawMember(text, 'data') ?? '');
  const [asText, asJson] = [Buffer.from(raw), Buffer.from(jsonText(data))];
  return [asText, asJson].some((bytes) => {
    const read = readContent(bytes, checksum);
    return read.kind === 'value' && read.isVerified;
  });
}

const whatItIs = 'Expected what daybook store export or the original wrote: {"data", "metadata", …}.';
