import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { showText } from '../../base/show.ts';
import { numberOf } from '../metrics/points.ts';
import { jsonIn, type Report } from './read-json.ts';

/** What a JSON file of results is told to hold where it does not. */
export interface ExpectedJson {
  what: string;
  hint: string;
}

/** The members of a JSON file of results; undefined where it holds none, which is reported. */
export function membersIn(
  text: string,
  file: string,
  expected: ExpectedJson,
  report: Report,
): JsonObject | undefined {
  const value = jsonIn(text, file, expected, report);
  if (isObject(value)) return value;
  if (value !== undefined) tellForeign(file, expected.what, text, report);
  return undefined;
}

/** That a file of such a name holds something else. */
export function tellForeign(file: string, expected: string, found: string, report: Report): void {
  report({
    code: 'wrong-schema',
    severity: 'note',
    file,
    expected,
    found: showText(found.trim()),
    hint: 'Nothing needs to be done if it is of another program.',
  });
}

/** That one part of a file is not what it should be. */
export function tellPart(file: string, expected: string, found: JsonValue | undefined, report: Report): void {
  report({
    code: 'wrong-shape',
    severity: 'warning',
    file,
    expected,
    found: found === undefined ? 'none' : showText(typeof found === 'string' ? found : typeof found),
    hint: 'All else of the file is read.',
  });
}

/** A member that is an object; an empty one where it is none. */
export function objectIn(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isObject(value) ? value : {};
}

/** A member that is a text with something in it. */
export function textIn(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A member that is a finite number. */
export function finiteIn(object: JsonObject, name: string): number | undefined {
  const value = numberOf(object[name]);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** A fact under its name, where it is known. */
export function factOf(name: string, value: string | undefined): [string, string][] {
  return value === undefined || value === '' ? [] : [[name, value]];
}
