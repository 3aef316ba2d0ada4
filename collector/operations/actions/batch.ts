import { DaybookError, messageOf } from '../../base/errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { findJsonMistake } from '../../base/json/place.ts';
import { jsonText, parseJson } from '../../base/json/text.ts';
import { LineSplitter } from '../../base/lines.ts';
import { Utf8Chunks } from '../../base/utf8-chunks.ts';
import { openRecorder } from '../../store/spool/recorder.ts';
import { readWriteSettings } from '../../store/write-settings.ts';
import { notRecordedError, type Unrecorded } from './not-recorded.ts';
import { type ActionRequest, type RecordEffects, resolveAction } from './record.ts';
import { actionSource } from './source.ts';
import { recordedWithin } from './within.ts';

/** What became of the lines of a batch. */
export interface BatchResult {
  written: number;
  rejected: { line: number; message: string }[];
}

/** A longer line is not kept in memory: it cannot be an action worth recording. */
const longestLineBytes = 16 * 1024 * 1024;

/**
 * Appends one action per line of JSON. A line that is not an action is rejected with its number and does not stop the
 * rest. @throws DaybookError where the log cannot be written; it says how many were recorded and where the others wait.
 */
export async function recordBatch(
  root: string,
  input: AsyncIterable<Uint8Array | string>,
  effects: RecordEffects & { progress?(written: number): void },
): Promise<BatchResult> {
  const settings = await readWriteSettings(root);
  const recorder = openRecorder(root, { ...settings, clock: effects.clock });
  await recorder.begin();
  const source = actionSource(root, effects.env);
  const { run } = recordedWithin(root, effects.env);
  const result: BatchResult = { written: 0, rejected: [] };
  let number = 0;
  let rest: Unrecorded | undefined;
  try {
    for await (const line of splitLines(input)) {
      number += 1;
      if (line?.trim() === '') continue;
      try {
        if (line === undefined) throw new DaybookError('bad-input', 'Expected a line of at most 16 MiB.');
        recorder.append({ ...(run !== undefined && { run }), ...resolveAction(parseRequest(line)), source });
        result.written += 1;
      } catch (error) {
        if (!isInputError(error)) throw error;
        result.rejected.push({ line: number, message: messageOf(error) });
      }
      if (number % 1000 === 0) effects.progress?.(result.written);
    }
  } finally {
    rest = await recorder.settle();
  }
  if (rest !== undefined) {
    const { written, rejected } = result;
    const many = `${written - rest.records} recorded, ${rest.records} not, ${rejected.length} rejected. `;
    throw notRecordedError(rest, many);
  }
  return result;
}

/** Only what is wrong with a line is that line's matter; a full disk ends the batch. */
function isInputError(error: unknown): boolean {
  return error instanceof DaybookError && (error.code === 'bad-input' || error.code === 'usage');
}

function parseRequest(line: string): ActionRequest {
  const value = parseLineJson(line.trim());
  if (!isObject(value)) {
    throw new DaybookError('bad-input', 'Expected a JSON object such as {"type": "deploy", "details": {…}}.');
  }
  // A line of an action log says the same one level deeper.
  const action = isObject(value.action) ? { ...value.action, run: value.run ?? null } : value;
  const details = Object.hasOwn(action, 'details') ? action.details! : {};
  return {
    type: textIn(action, 'type') ?? '',
    status: textIn(action, 'status'),
    details: typeof details === 'string' ? { description: details } : (details as JsonValue),
    id: textIn(action, 'id'),
    run: textIn(action, 'run'),
  };
}

function parseLineJson(text: string): JsonValue {
  const place = findJsonMistake(text);
  if (place === undefined) return parseJson(text);
  throw new DaybookError(
    'bad-input',
    `Expected JSON, but at column ${place.column} it needs ${place.expected}.`,
  );
}

function textIn(object: JsonObject, key: string): string | undefined {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new DaybookError('bad-input', `Expected "${key}" to be text, found ${jsonText(value).slice(0, 60)}.`);
}

/** Lines of a stream, the last one also without a line break; undefined stands for a line that is too long. */
async function* splitLines(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<string | undefined> {
  const ready: (string | undefined)[] = [];
  const lines = new LineSplitter((bytes) => ready.push(bytes?.toString('utf8')), longestLineBytes);
  const utf8 = new Utf8Chunks(() => undefined);
  for await (const chunk of input) {
    lines.push(utf8.push(Buffer.from(chunk as Uint8Array)));
    yield* ready.splice(0);
  }
  lines.push(utf8.end());
  lines.end();
  yield* ready;
}
