import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DaybookError, reasonOf } from '../../base/errors.ts';
import { isObject, type JsonObject } from '../../base/json/json.ts';
import { requireText } from '../../formats/text/file.ts';
import { keepNotation, notationOf } from '../../formats/yaml/cursor.ts';
import { readPlainYaml } from '../../formats/yaml/plain.ts';
import { parseDetails } from '../actions/parse-details.ts';

const maxBytes = 64 * 1024 * 1024;

/**
 * The configuration of a run from a YAML or JSON file.
 * @throws DaybookError `not-found`, `unreadable`, or `bad-input` with the line that is not understood.
 */
export function readRunConfig(path: string, from: string): JsonObject {
  const { value, troubles } = readPlainYaml(readConfigText(resolve(from, path), path), true);
  const worst = troubles.find(({ kind }) => kind !== 'repeated') ?? troubles[0];
  if (worst !== undefined) {
    throw new DaybookError(
      'bad-input',
      `Expected YAML or JSON with plain values in ${path}, found ${worst.message} in line ${worst.line}.`,
      { where: `${path}:${worst.line}`, hint: 'Mend the line, or give the values with --set.' },
    );
  }
  if (value === null) return {};
  if (isObject(value)) return value;
  throw new DaybookError('bad-input', `Expected names and values in ${path}, found ${kindOf(value)}.`, {
    where: path,
    hint: 'Write "name: value" lines, or a JSON object.',
  });
}

function readConfigText(absolute: string, path: string): string {
  const stat = statSync(absolute, { throwIfNoEntry: false });
  if (stat === undefined) {
    throw new DaybookError('not-found', `Expected the configuration at ${path}, found nothing there.`, {
      where: path,
      hint: 'Relative paths start at the folder the command runs in.',
    });
  }
  if (!stat.isFile() || stat.size > maxBytes) {
    const found = stat.isFile() ? 'a file that is too large' : 'something that is no file';
    throw new DaybookError('bad-input', `Expected a configuration file at ${path}, found ${found}.`, {
      where: path,
    });
  }
  try {
    return requireText(readFileSync(absolute), path);
  } catch (error) {
    if (error instanceof DaybookError) throw error;
    throw new DaybookError('unreadable', `Cannot read ${path}: ${reasonOf(error)}`, {
      where: path,
      cause: error,
    });
  }
}

const kindOf = (value: unknown) => (Array.isArray(value) ? 'a list' : `only "${String(value)}"`);

/** The values of `--set key=value`; dots nest, and each key may be set once. @throws DaybookError `bad-input`. */
export function parseSettings(words: readonly string[]): JsonObject {
  if (words.length === 0) return {};
  const odd = words.find((word) => !/^(?:[A-Za-z_$@]|\\\.)[^=]*=/.test(word));
  const value = odd === undefined ? parseDetails(words) : undefined;
  if (isObject(value)) return value;
  throw new DaybookError('bad-input', `Expected --set key=value, found "${odd ?? words[0]}".`, {
    hint: 'Names begin with a letter or _, and dots nest: --set opt.lr=0.1.',
  });
}

/** A configuration with settings put over it: maps member by member, everything else as a whole. */
export function withSettings(config: JsonObject, settings: JsonObject): JsonObject {
  if (Object.keys(settings).length === 0) return config;
  const merged: JsonObject = Object.create(null);
  for (const [key, value] of Object.entries(config)) {
    merged[key] = value;
    const written = notationOf(config, key);
    if (written !== undefined) keepNotation(merged, key, written);
  }
  for (const [key, value] of Object.entries(settings)) {
    const before = merged[key];
    merged[key] = isObject(before) && isObject(value) ? withSettings(before, value) : value;
  }
  return merged;
}
