import { isExactNumber } from '../base/json/exact-number.ts';
import { hasMembers, type JsonObject, type JsonValue } from '../base/json/json.ts';
import { createMasker, type Masking } from '../base/mask-secrets.ts';
import type { Redaction } from '../formats/config/config.ts';
import { readWriteSettings } from './write-settings.ts';

/**
 * The one place through which everything passes that is written to a book. Each kind of record has its function here: a field
 * that is added to a record is covered without being named. With `redaction: off` everything stays as it is.
 */
export interface BookMasking {
  /** False with `redaction: off`. */
  isOn: boolean;
  /** Values a user named: "password: x" goes because of its name. */
  values<T extends JsonValue>(value: T): T;
  /** Texts whose names are ours, or say nothing of them: a data set may be called "token". */
  texts<T extends JsonValue>(value: T): T;
  /** A receipt: configuration and environment by name; patches stay whole, or they could not be applied. */
  receipt(receipt: JsonObject): JsonObject;
  /** An experiment: its configuration by name; names of metrics and fields are ours. */
  experiment(document: JsonObject): JsonObject;
}

/** What keeps secrets out of the book at `root`, by its own settings; what lies in no book is nobody's record and stays as it is. */
export async function maskingOf(root: string | undefined): Promise<BookMasking> {
  return maskingFor(root === undefined ? 'off' : (await readWriteSettings(root)).redaction);
}

/** The same from settings that are known; tests hand in a maker of maskers that fail. */
export function maskingFor(redaction: Redaction, make = createMasker): BookMasking {
  const masker = redaction === 'off' ? undefined : make(redaction.keys);
  const values = <T extends JsonValue>(value: T) => safely(value, masker?.mask) as T;
  const texts = <T extends JsonValue>(value: T) => safely(value, masker?.maskTexts) as T;
  return {
    isOn: masker !== undefined,
    values,
    texts,
    receipt: (receipt) => maskReceipt(receipt, values, texts),
    experiment: (document) => maskExperiment(document, values, texts),
  };
}

function maskExperiment(
  document: JsonObject,
  values: BookMasking['values'],
  texts: BookMasking['texts'],
): JsonObject {
  const parts = Object.entries(document).map(([name, part]): [string, JsonValue] => [
    name,
    /^config(?!_hash)/.test(name) ? values(part) : texts(part),
  ]);
  return Object.fromEntries(parts);
}

/** A mask that fails must not be the reason why a record is lost, nor let through what it could not look at. */
function safely(value: JsonValue, mask: Masking['mask'] | undefined): JsonValue {
  if (mask === undefined) return value;
  try {
    return mask(value);
  } catch (error) {
    return withoutTexts(value, `‹not recorded: masking failed with ${(error as Error).name}›`);
  }
}

function withoutTexts(value: JsonValue, instead: string): JsonValue {
  if (typeof value === 'string') return instead;
  if (!hasMembers(value) || isExactNumber(value)) return value;
  if (Array.isArray(value)) return value.map((element) => withoutTexts(element, instead));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withoutTexts(member, instead)]),
  );
}

const byName = new Set(['config', 'config_texts', 'environment']);
const applied = new Set(['patch', 'patch_base64']);

function maskReceipt(
  receipt: JsonObject,
  values: BookMasking['values'],
  texts: BookMasking['texts'],
): JsonObject {
  const parts = Object.entries(receipt).map(([name, part]): [string, JsonValue] => {
    if (byName.has(name)) return [name, values(part)];
    return [name, name === 'repos' ? withPatches(part, texts(part)) : texts(part)];
  });
  return Object.fromEntries(parts);
}

/** Puts the patches back that a masked part of a receipt has lost. */
function withPatches(before: JsonValue, after: JsonValue): JsonValue {
  if (before === after || !hasMembers(before) || !hasMembers(after)) return after;
  const [from, to] = [before as JsonObject, after as JsonObject];
  for (const name of Object.keys(from)) {
    if (applied.has(name)) to[name] = from[name]!;
    else if (Object.hasOwn(to, name)) to[name] = withPatches(from[name]!, to[name]!);
  }
  return to;
}
