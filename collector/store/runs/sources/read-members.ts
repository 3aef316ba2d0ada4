import type { JsonObject } from '../../../base/json/json.ts';
import type { Finding } from '../../../formats/findings/finding.ts';
import { type Expected, readMembers } from '../../../formats/text/members.ts';
import { readTextFile } from '../read-text.ts';

/** The members of a JSON or YAML file of the book, by its ending; undefined where there is none, or where a finding says why. */
export function membersOf(
  root: string,
  file: string,
  expected: Expected,
  report: (finding: Finding) => void,
): JsonObject | undefined {
  const text = readTextFile(root, file, expected.what, report);
  if (text === undefined) return undefined;
  return readMembers(text, file.endsWith('.json') ? 'json' : 'yaml', file, expected, report);
}
