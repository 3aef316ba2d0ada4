import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { findJsonMistake } from '../../base/json/place.ts';
import { showText } from '../../base/show.ts';
import type { Finding } from '../findings/finding.ts';
import { readPlainYaml } from '../yaml/plain.ts';

/** What a file is told to hold where it does not, and what becomes of that. */
export interface Expected {
  what: string;
  hint: string;
  /** A person wrote the YAML: "1e-3" is a number. */
  byHand?: boolean;
}

/** The members of a JSON file, "json", or of a YAML file, "yaml"; undefined where it holds none. What is wrong with it is reported. */
export function readMembers(
  text: string,
  as: 'json' | 'yaml',
  file: string,
  { what, hint, byHand = false }: Expected,
  report: (finding: Finding) => void,
): JsonObject | undefined {
  const tell = (code: Finding['code'], found: string, line?: number) =>
    report({
      code,
      severity: 'warning',
      file,
      ...(line === undefined ? {} : { line }),
      expected: what,
      found,
      hint,
    });
  if (text.trim() === '') {
    tell('empty-file', 'no text');
    return undefined;
  }
  const { value, isTold } = as === 'json' ? readJson(text, tell) : readYaml(text, byHand, tell);
  if (isObject(value)) return value;
  if (!isTold) tell('wrong-shape', showText(text.trim()));
  return undefined;
}

/** The items of a YAML file that holds a list; none where it does not, which is reported. */
export function readYamlList(
  text: string,
  file: string,
  { what, hint, byHand = false }: Expected,
  report: (finding: Finding) => void,
): JsonValue[] {
  const { value, troubles } = readPlainYaml(text, byHand);
  if (Array.isArray(value)) return value;
  if (text.trim() === '' && troubles.length === 0) return [];
  const found = troubles[0]?.message ?? text.trim();
  report({ code: 'wrong-shape', severity: 'warning', file, expected: what, found: showText(found), hint });
  return [];
}

type Tell = (code: Finding['code'], found: string, line?: number) => void;

function readJson(text: string, tell: Tell): { value: JsonValue; isTold: boolean } {
  const parsed = parseLenientJson(text);
  if (parsed.ok) return { value: parsed.value, isTold: false };
  const place = parsed.tooDeep ? undefined : findJsonMistake(text);
  if (parsed.tooDeep) tell('too-deep', parsed.reason);
  else
    tell(
      'broken-json',
      place === undefined ? showText(parsed.reason, 160) : `no ${place.expected}`,
      place?.line,
    );
  return { value: null, isTold: true };
}

function readYaml(text: string, byHand: boolean, tell: Tell): { value: JsonValue; isTold: boolean } {
  const { value, troubles } = readPlainYaml(text, byHand);
  const [trouble] = troubles;
  if (trouble !== undefined)
    tell(
      trouble.kind === 'unsafe' ? 'unsafe-yaml' : 'broken-yaml',
      showText(trouble.message, 160),
      trouble.line,
    );
  return { value, isTold: trouble !== undefined };
}
