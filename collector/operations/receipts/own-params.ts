import type { JsonObject } from '../../base/json/json.ts';
import { comparableConfig } from '../../formats/receipts/config.ts';
import { flattenParams } from '../../runs/flat-params.ts';
import type { RunRecord, Scalar } from '../../runs/record.ts';

/**
 * A receipt's configuration with what only the other files of its run say, e.g. `daybook.run(config=…)` within
 * `daybook exec --lock`: without it runs that learned at different rates would be the same.
 */
export function configWithParams(config: JsonObject, { params }: Pick<RunRecord, 'params'>): JsonObject {
  const said: Record<string, Scalar> = Object.create(null);
  flattenParams(config, said);
  const whole: JsonObject = Object.assign(Object.create(null), config);
  for (const [name, value] of Object.entries(params)) if (!Object.hasOwn(said, name)) whole[name] = value;
  return whole;
}

/** What a run was configured with: what its receipt says, else what its other files do. */
export function configOfRun(config: JsonObject, run: Pick<RunRecord, 'params'>): JsonObject {
  return Object.keys(comparableConfig(config)).length > 0 ? config : configWithParams(config, run);
}
