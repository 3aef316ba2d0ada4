import { sha256Hex } from '../../base/hash.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { ExperimentChange } from '../../formats/experiment-change.ts';
import { serializeReceipt } from '../../formats/receipt-text.ts';

/** Takes down a configuration: hash and summary as the original makes them, and the whole of it beside. */
export function setConfig(config: JsonObject): ExperimentChange {
  return ({ main, beside }) => {
    main['config_hash'] = sha256Hex(serializeReceipt(config));
    main['config_summary'] = summaryOf(config);
    beside['config'] = config;
  };
}

/** What the original picks out of a configuration of its own kind; of any other kind all of it. */
function summaryOf(config: JsonObject): JsonObject {
  const { training, model, data } = config;
  const summary: JsonObject = {};
  if (isObject(training)) {
    for (const key of ['epochs', 'batch_size', 'learning_rate']) summary[key] = training[key] ?? 'unknown';
    summary['optimizer'] = targetOf(training['optimizer']);
    summary['loss'] = targetOf(training['loss']);
  }
  if (isObject(model)) {
    summary['model_type'] = model['_target_'] ?? 'unknown';
    summary['encoder'] = targetOf(model['encoder']);
    summary['decoder'] = targetOf(model['decoder']);
  }
  if (isObject(data)) {
    summary['dataset'] = data['dataset'] ?? 'unknown';
    summary['data_root'] = data['root_dir'] ?? 'unknown';
  }
  return Object.keys(summary).length > 0 ? summary : config;
}

function targetOf(value: JsonValue | undefined): JsonValue {
  return isObject(value) ? (value['_target_'] ?? 'unknown') : (value ?? 'unknown');
}
