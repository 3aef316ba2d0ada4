import { sha256Hex } from '../../base/hash.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import type { ExperimentChange } from '../../formats/experiments/change.ts';
import { resolveConfig } from '../../formats/interpolation/resolve.ts';
import { omegaConfYaml, withFloats } from '../../formats/python/yaml.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { resolveRunConfig } from '../receipts/resolve-run-config.ts';

/** A configuration as an experiment records it. */
export interface ExperimentConfig {
  /** Whole, interpolations resolved as far as they may be recorded. */
  config: JsonObject;
  /** How values were written that held interpolations, by their place. */
  texts: Record<string, string>;
  /** As the original makes it: SHA-256 of the YAML that OmegaConf writes, interpolations resolved. */
  hash: string;
  /** As the original picks it. */
  summary: JsonObject;
  /** A sentence for every value that is recorded as it is written. */
  notes: string[];
}

/** What is to be recorded of a configuration. The hash sees every variable of the environment, as the original's does; the record does not. */
export async function experimentConfig(
  root: string,
  given: JsonObject,
  env: NodeJS.ProcessEnv,
): Promise<ExperimentConfig> {
  const hasInterpolations = jsonText(given).includes('${');
  const seen = hasInterpolations ? resolveConfig(given, (name) => variableOf(env[name])).config : given;
  const variables = hasInterpolations ? (await readConfigFile(root)).config.receipts.environment : [];
  const { config: resolved, texts, notes } = await resolveRunConfig(root, given, { env, variables });
  const config = withFloats(resolved);
  return { config, texts, hash: sha256Hex(omegaConfYaml(seen)), summary: summaryOf(config), notes };
}

const variableOf = (value: string | undefined) => (value === undefined ? 'unset' : { value });

/** Takes down a configuration: hash and summary where the original has them, the whole of it beside. */
export function setConfig({ config, texts, hash, summary }: ExperimentConfig): ExperimentChange {
  return ({ main, beside }) => {
    main['config_hash'] = hash;
    main['config_summary'] = summary;
    beside['config'] = config;
    delete beside['config_texts'];
    if (Object.keys(texts).length > 0) beside['config_texts'] = { ...texts };
  };
}

/** What the original picks out of a configuration of its own kind; nothing of any other kind. */
function summaryOf({ training, model, data }: JsonObject): JsonObject {
  const summary: JsonObject = {};
  if (isObject(training)) {
    for (const key of ['epochs', 'batch_size', 'learning_rate']) summary[key] = member(training, key);
    summary['optimizer'] = targetOf(training, 'optimizer');
    summary['loss'] = targetOf(training, 'loss');
  }
  if (isObject(model)) {
    summary['model_type'] = member(model, '_target_');
    summary['encoder'] = targetOf(model, 'encoder');
    summary['decoder'] = targetOf(model, 'decoder');
  }
  if (isObject(data)) {
    summary['dataset'] = member(data, 'dataset');
    summary['data_root'] = member(data, 'root_dir');
  }
  return summary;
}

/** "unknown" is what is not there; null stays null. */
function member(object: JsonObject, key: string): JsonValue {
  return Object.hasOwn(object, key) ? object[key]! : 'unknown';
}

/** The original gives up where a part is no map; its name is worth keeping. */
function targetOf(object: JsonObject, key: string): JsonValue {
  const part = member(object, key);
  return isObject(part) ? member(part, '_target_') : (part ?? 'unknown');
}
