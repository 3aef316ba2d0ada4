import type { JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { findJsonMistake } from '../../base/json/place.ts';
import { parsePlainJson } from '../../base/json/text.ts';
import { showText } from '../../base/show.ts';
import type { Finding } from '../findings/finding.ts';

/** Takes what is wrong with a file. */
export type Report = (finding: Finding) => void;

/** The value of a JSON text; undefined where it is none, which is reported with its line. Numbers are only measured. */
export function jsonIn(
  text: string,
  file: string,
  { what, hint }: { what: string; hint: string },
  report: Report,
): JsonValue | undefined {
  const tell = (code: Finding['code'], found: string, line?: number) => {
    const place = line === undefined ? {} : { line };
    report({ code, severity: 'warning', file, ...place, expected: what, found, hint });
    return undefined;
  };
  if (text.trim() === '') return tell('empty-file', 'no text');
  const parsed = parseLenientJson(text, parsePlainJson);
  if (parsed.ok) return parsed.value;
  if (parsed.tooDeep) return tell('too-deep', parsed.reason);
  const mistake = findJsonMistake(text);
  if (mistake === undefined) return tell('broken-json', showText(parsed.reason, 160));
  const isCut = mistake.line === text.trimEnd().split('\n').length && mistake.excerpt === '';
  return tell(isCut ? 'truncated' : 'broken-json', `no JSON: ${mistake.expected} is missing`, mistake.line);
}
