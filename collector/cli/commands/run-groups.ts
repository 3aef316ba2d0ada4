import { plural } from '../../base/format/words.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { groupRuns } from '../../operations/runs/groups.ts';
import type { Measure } from '../../runs/groups/measure.ts';
import { jsonNumber } from '../../runs/json.ts';
import type { RunRecord, Scalar } from '../../runs/record.ts';
import type { CommandContext } from '../context.ts';
import { listOfNames } from '../text/run-columns.ts';
import { formatGroups } from '../text/run-groups.ts';
import { leftOutText } from './best.ts';

/** `daybook runs --group-by`: one line for all runs that have the same values. */
export function printGroups(
  runs: readonly RunRecord[],
  by: string,
  { out, options, json }: CommandContext<'runs'>,
): undefined {
  const found = groupRuns(runs, listOfNames(by), {
    where: options.where,
    sort: options.sort,
    limit: options.limit,
    measures: options.columns === undefined ? undefined : listOfNames(options.columns),
    withFailed: options.failed,
  });
  const { groups, leftOut, total } = found;
  if (json) {
    return out.printJson({
      by: found.by,
      left_out: leftOut,
      groups: groups.map(({ values, n, runs: keys, leftOut: others, measures }) => ({
        values: mapped(values, valueJson),
        n,
        runs: keys,
        left_out: others,
        measures: mapped(measures, measureJson),
      })),
    });
  }
  const { lines, left } = formatGroups(found, out);
  for (const line of lines) out.print(line);
  if (left.length > 0) out.note(`No room for ${left.join(', ')}: --columns or a wider terminal shows them.`);
  const rest = groups.length < total ? `, ${groups.length} shown` : '';
  const without = leftOut === 0 ? '' : `; ${leftOutText(leftOut, '--failed')}`;
  out.note(`${plural(total, 'group')}${rest}; mean ± sample deviation${without}`);
  return undefined;
}

function mapped<Value>(
  record: Readonly<Record<string, Value>>,
  toJson: (value: Value) => JsonObject[string],
): JsonObject {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, toJson(value)]));
}

function valueJson(value: Scalar | undefined): JsonObject[string] {
  return typeof value === 'number' ? jsonNumber(value) : (value ?? null);
}

function measureJson({ n, mean, deviation, least, most, best }: Measure): JsonObject {
  return {
    n,
    mean: jsonNumber(mean),
    deviation: deviation === undefined ? null : jsonNumber(deviation),
    least,
    most,
    best: best === undefined ? null : { ...best },
  };
}
