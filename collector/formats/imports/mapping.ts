import { sha256Hex } from '../../base/hash.ts';
import { isObject, type JsonObject } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { showText } from '../../base/show.ts';
import type { Imported, NotImported } from './imported.ts';
import { textIn, timeUs, valueAt } from './values.ts';

/** What a mapping can say of a record: each names a member, or a path of members such as "payload.status". */
export const mappedNames = [
  'time',
  'type',
  'status',
  'id',
  'run',
  'error',
  'started',
  'ended',
  'details',
] as const;

/** Name of a part of an action. */
export type MappedName = (typeof mappedNames)[number];

/** Which member of a record is which part of the action. */
export type Mapping = Partial<Record<MappedName, string>>;

/** A mapping from text: "time=ts,type=event,status=result". What is wrong with it is said in `problem`. */
export function parseMapping(text: string): { mapping: Mapping; problem: string | undefined } {
  const mapping: Mapping = {};
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=');
    const [name, path] = [pair.slice(0, Math.max(at, 0)).trim(), pair.slice(at + 1).trim()];
    const known = mappedNames.find((each) => each === name);
    if (at === -1 || path === '') return { mapping, problem: `"${showText(pair)}" is no name=member` };
    if (known === undefined)
      return { mapping, problem: `"${showText(name)}" is none of ${mappedNames.join(', ')}` };
    if (mapping[known] !== undefined) return { mapping, problem: `${known} is given twice` };
    mapping[known] = path;
  }
  return {
    mapping,
    problem: mapping.time === undefined ? 'nothing says which member is the time' : undefined,
  };
}

/** A mapping as text, as --map takes it. */
export function mappingText(mapping: Mapping): string {
  return mappedNames
    .filter((name) => mapping[name] !== undefined)
    .map((name) => `${name}=${mapping[name]}`)
    .join(',');
}

/** A record as an action by a mapping; `type` stands where no member says one. */
export function mapped(record: JsonObject, mapping: Mapping, type: string): Imported | NotImported {
  const at = (name: MappedName) => {
    const path = mapping[name];
    return path === undefined ? undefined : valueAt(record, path);
  };
  const found = at('time');
  const atUs = timeUs(found);
  if (atUs === undefined)
    return {
      expected: `a time at "${mapping.time}"`,
      found: found === undefined ? 'no such member' : showText(jsonText(found), 80),
    };
  const id = textIn(at('id'));
  const details = mapping.details === undefined ? record : at('details');
  return {
    key: id ?? sha256Hex(jsonText(record)),
    mayRepeat: id === undefined,
    atUs,
    type: textIn(at('type')) ?? type,
    status: statusWord(at('status')),
    details: isObject(details) ? details : { value: details ?? null },
    run: textIn(at('run')),
    error: textIn(at('error')),
    startedAtUs: timeUs(at('started')),
    endedAtUs: timeUs(at('ended')),
  };
}

/** Truth and numbers of programs say how something ended, too. */
function statusWord(value: ReturnType<typeof valueAt>): string {
  if (value === true) return 'completed';
  if (value === false) return 'failed';
  return textIn(value) ?? 'completed';
}
