import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';

/** Values without pictures, tables, histograms and other media, which stand among them as maps with a "_type". */
export function plainValues(values: JsonObject): JsonObject {
  const plain: JsonObject = {};
  for (const [name, value] of Object.entries(values)) {
    if (!isObject(value)) plain[name] = value;
    else if (!Object.hasOwn(value, '_type')) plain[name] = plainValues(value);
  }
  return plain;
}

/** A point of the history: its numbers with step and time, without what else W&B keeps for itself. */
export function historyValues(point: JsonObject): JsonObject {
  const own = Object.entries(point).filter(
    ([name]) => !name.startsWith('_') || name === '_step' || name === '_timestamp',
  );
  return plainValues(Object.fromEntries(own));
}

/** A configuration as config.yaml has it, { lr: { desc: null, value: 0.1 } }, without what W&B adds for itself. */
export function configValues(config: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([name]) => name !== 'wandb_version' && name !== '_wandb')
      .map(([name, entry]): [string, JsonValue] => [
        name,
        isObject(entry) && Object.hasOwn(entry, 'value') ? entry['value']! : entry,
      ]),
  );
}

/** What was recorded of the last values: those that W&B keeps for itself begin with "_". */
export function summaryValues(summary: JsonObject): JsonObject {
  return plainValues(Object.fromEntries(Object.entries(summary).filter(([name]) => !name.startsWith('_'))));
}
