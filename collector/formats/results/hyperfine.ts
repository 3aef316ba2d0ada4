import { isObject } from '../../base/json/json.ts';
import type { MeasuredRun } from './measured.ts';
import { factOf, finiteIn, membersIn, tellForeign, tellPart, textIn } from './members.ts';
import type { Report } from './read-json.ts';

const expected = {
  what: 'results of hyperfine: {"results": [{"command", "mean", "median", "times"}]}',
  hint: 'Nothing of it is shown; run hyperfine again with --export-json for a whole file.',
};

/** Reads what `hyperfine --export-json` writes: the median of each command. It says neither when nor of which commit. */
export function readHyperfine(text: string, file: string, report: Report): MeasuredRun | undefined {
  const members = membersIn(text, file, expected, report);
  if (members === undefined) return undefined;
  const results = members['results'];
  if (!Array.isArray(results)) {
    tellForeign(file, expected.what, text, report);
    return undefined;
  }
  const failed: string[] = [];
  const values = results.flatMap((each) => {
    const command = isObject(each) ? textIn(each, 'command') : undefined;
    const value = isObject(each) ? (finiteIn(each, 'median') ?? finiteIn(each, 'mean')) : undefined;
    if (!isObject(each) || command === undefined || value === undefined) {
      tellPart(file, 'a result with its command and the median of its times', command, report);
      return [];
    }
    const codes = Array.isArray(each['exit_codes']) ? each['exit_codes'] : [];
    if (codes.some((code) => code !== 0)) failed.push(command);
    return [{ name: command, unit: 's', value, better: 'min' as const }];
  });
  return {
    status: 'completed',
    values,
    facts: factOf('Failed now and then', failed.join(', ').slice(0, 1000)),
  };
}
