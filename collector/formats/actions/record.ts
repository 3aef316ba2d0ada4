import { crc32Hex } from '../../base/hash.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { jsonText } from '../../base/json/text.ts';
import { showText } from '../../base/show.ts';
import { parseTime } from '../../base/time.ts';
import { type ActionRecord, type ActionSource, type BlobReference, isBlobReference } from './action.ts';
import { type CutLine, cutLine } from './line-cut.ts';
import { between, durationOf, sourceOf, textOf, textOrNone, timeOf } from './line-values.ts';
import { type DisplayStatus, displayStatusOf, isFinal } from './status.ts';

/** Why a value is not an action, as the two halves of a finding. */
export interface NotAnAction {
  path: string;
  expected: string;
  found: string;
}

/** Turns a parsed line, no matter who wrote it, into a record; `text` is the line it was parsed from. */
export function parseAction(value: JsonValue, text: string, isChecked = false): ActionRecord | NotAnAction {
  if (!isObject(value)) return notAnAction('', 'a JSON object', value);
  const action = value['action'];
  if (!isObject(action))
    return notAnAction('action', 'an object with the type and status of the action', action);
  const type = action['type'];
  if (typeof type !== 'string' || type === '') return notAnAction('action.type', 'a text', type);
  const kind = value['snapshot_type'];
  if (kind !== undefined && kind !== 'action') return notAnAction('snapshot_type', '"action"', kind);
  const at = timeOf(value['timestamp']) ?? timeOf(action['started_at']);
  const record = new LineRecord(
    text,
    value,
    isChecked,
    textOf(value['snapshot_id']),
    type,
    textOf(action['status']),
  );
  record.atUs = at?.us ?? Number.NaN;
  record.zoneless = at?.zoneless ?? false;
  record.untimed = at === undefined;
  return record;
}

/**
 * Reads a line whose checksum is right without parsing it: such a line is exactly what a Daybook writer wrote, with
 * the small fields at known places. The rest is parsed when it is asked for. Undefined for any other arrangement.
 */
export function cutAction(text: string): ActionRecord | undefined {
  if (!text.startsWith(idStart)) return undefined;
  const idEnd = text.indexOf('"', idStart.length);
  const timeStart = idEnd + afterId.length;
  if (!text.startsWith(afterId, idEnd)) return undefined;
  const typeStart = text.indexOf(beforeType, timeStart) + beforeType.length;
  const typeEnd = text.indexOf('"', typeStart);
  const statusStart = typeEnd + beforeStatus.length;
  if (typeStart < beforeType.length || !text.startsWith(beforeStatus, typeEnd)) return undefined;
  const statusEnd = text.indexOf('"', statusStart);
  const type = text.slice(typeStart, typeEnd);
  const at = parseTime(text.slice(timeStart, timeStart + 27));
  if (at === undefined || text[timeStart + 27] !== '"') return undefined;
  const id = text.slice(idStart.length, idEnd);
  const status = text.slice(statusStart, statusEnd);
  if (type.includes('\\') || status.includes('\\') || id.includes('\\')) return undefined;
  const record = new LineRecord(text, undefined, true, id, type, status);
  record.atUs = at.us;
  record.ends = { timeEnd: timeStart + 27, action: typeStart - beforeType.length, statusEnd };
  return record;
}

/** Whether parseAction found an action. */
export function isActionRecord(parsed: ActionRecord | NotAnAction): parsed is ActionRecord {
  return 'snapshotId' in parsed;
}

const idStart = '{"snapshot_id":"';
const afterId = '","snapshot_type":"action","timestamp":"';
const beforeType = ',"action":{"type":"';
const beforeStatus = '","status":"';

/** Undefined only for a line whose checksum is right and that is no JSON all the same. */
function exactly(text: string): JsonObject | undefined {
  const parsed = parseLenientJson(text);
  return parsed.ok && isObject(parsed.value) ? parsed.value : undefined;
}

interface StatusView {
  status: DisplayStatus;
  word: string;
  from: string;
}

/** A record that works out its fields when they are asked for: most of a million lines are only counted. */
class LineRecord implements ActionRecord {
  readonly snapshotId: string;
  readonly type: string;
  atUs = 0;
  zoneless = false;
  untimed = false;
  file = '';
  line = 0;
  /** Where the parts of a line of our own end. */
  ends: Parameters<typeof cutLine>[1] | undefined;
  readonly #text: string;
  readonly #isChecked: boolean;
  readonly #written: string;
  /** As parsed for the fields all lines have; with its exact numbers once somebody asks for the line. */
  #raw: JsonObject | undefined;
  #isExact = false;
  #cut: CutLine | undefined;
  #details: JsonValue | undefined;
  #view: StatusView | undefined;

  constructor(
    text: string,
    raw: JsonObject | undefined,
    isChecked: boolean,
    snapshotId: string,
    type: string,
    written: string,
  ) {
    this.#text = text;
    this.#raw = raw;
    this.#isChecked = isChecked;
    this.snapshotId = snapshotId;
    this.type = type;
    this.#written = written;
  }

  get key(): string {
    if (this.#isChecked) return this.snapshotId;
    return `${this.snapshotId || 'action'}~${crc32Hex(this.#text)}`;
  }

  get sameness(): string {
    return this.#isChecked ? this.snapshotId : this.#text;
  }

  get raw(): JsonObject {
    if (!this.#isExact) {
      this.#raw = exactly(this.#text) ?? this.#raw!;
      this.#isExact = true;
    }
    return this.#raw!;
  }

  get status(): DisplayStatus {
    return this.#status().status;
  }

  get statusWord(): string {
    return this.#status().word;
  }

  get statusFrom(): string {
    return this.#status().from;
  }

  get details(): JsonValue {
    const cut = this.#parts();
    if (cut === undefined) return this.#action['details'] ?? {};
    if (this.#details === undefined) {
      const parsed = parseLenientJson(cut.details);
      if (!parsed.ok) {
        // What looked like details alone is more than that: the line is read as any other.
        this.#forgetCut();
        return this.details;
      }
      this.#details = parsed.value ?? {};
    }
    return this.#details;
  }

  get detailsText(): string | undefined {
    const written = this.details === undefined ? undefined : this.#parts()?.details;
    return written === undefined || written === 'null' || !isOurSpelling(written) ? undefined : written;
  }

  get fields(): { line: JsonObject; action: JsonObject } {
    return this.#parts() ?? { line: this.raw, action: this.#action };
  }

  get blob(): BlobReference | undefined {
    if (!this.#text.includes('"$blob"')) return undefined;
    const { details } = this;
    return isBlobReference(details) ? details : undefined;
  }

  get startedAtUs(): number | undefined {
    return timeOf(this.#plain['started_at'])?.us;
  }

  get endedAtUs(): number | undefined {
    return timeOf(this.#plain['ended_at'])?.us;
  }

  get durationMs(): number | undefined {
    return durationOf(this.fields.action, this.details) ?? between(this.startedAtUs, this.endedAtUs);
  }

  get error(): string | undefined {
    return textOrNone(this.#plain['error']);
  }

  get actionId(): string | undefined {
    return textOrNone(this.#plain['id']);
  }

  get run(): string | undefined {
    const cut = this.#parts();
    if (cut !== undefined) return textOrNone(cut.line['run']);
    // Most lines name none: that, and a text, the line as it was parsed for the fields all lines have says as well.
    const plain = this.#raw?.['run'];
    if (this.#raw !== undefined && (plain === undefined || typeof plain === 'string'))
      return textOrNone(plain);
    return textOrNone(this.raw['run']);
  }

  get source(): ActionSource | undefined {
    const source = this.fields.line['source'];
    return isObject(source) ? sourceOf(source) : undefined;
  }

  /** Looks for the words before parsing: most actions that are under way have details that know nothing of an end. */
  #mayKnowTheEnd(): boolean {
    return (
      this.#raw !== undefined || finalField.test(this.#text.slice(this.#text.indexOf('"details":') + 10))
    );
  }

  get #action(): JsonObject {
    return this.raw['action'] as JsonObject;
  }

  /** The action as far as its texts matter: what was parsed for the fields all lines have says those, too. */
  get #plain(): JsonObject {
    return this.#parts()?.action ?? ((this.#raw ?? this.raw)['action'] as JsonObject);
  }

  /** Undefined for lines that were parsed as a whole. */
  #parts(): CutLine | undefined {
    if (this.#raw !== undefined || this.ends === undefined) return undefined;
    this.#cut ??= cutLine(this.#text, this.ends);
    if (this.#cut === undefined) this.#forgetCut();
    return this.#cut;
  }

  #forgetCut(): void {
    this.ends = undefined;
    this.#cut = undefined;
  }

  #plainDetails(): JsonValue | undefined {
    return this.#parts() === undefined ? this.#plain['details'] : this.details;
  }

  #status(): StatusView {
    this.#view ??= viewStatus(this.#written, () =>
      this.#mayKnowTheEnd() ? this.#plainDetails() : undefined,
    );
    return this.#view;
  }
}

/** Whether a JSON text of our own writers is what JSON.stringify gives: no character is escaped that it would not escape. */
function isOurSpelling(text: string): boolean {
  return !text.includes('\\') || !/\\[^"\\bfnrt]/.test(text.replaceAll('\\\\', ''));
}

/** Real logs say "executing" for ever while the details know how it ended: then the final word is shown. */
function viewStatus(written: string, details: () => JsonValue | undefined): StatusView {
  const status = displayStatusOf(written);
  const final = status === 'running' || status === 'pending' ? finalStatusIn(details()) : undefined;
  return final ?? { status, word: written, from: 'action.status' };
}

const finalField = /"(?:status|result|outcome)":/;

function finalStatusIn(details: JsonValue | undefined): StatusView | undefined {
  if (!isObject(details)) return undefined;
  for (const field of ['status', 'result', 'outcome']) {
    const word = details[field];
    if (typeof word !== 'string') continue;
    const status = displayStatusOf(word);
    if (isFinal(status)) return { status, word, from: `details.${field}` };
  }
  return undefined;
}

function notAnAction(path: string, expected: string, found: JsonValue | undefined): NotAnAction {
  return { path, expected, found: found === undefined ? 'nothing' : showText(jsonText(found), 60) };
}
