import { ExactNumber, exactNumber, isExactNumber } from '../../base/json/exact-number.ts';
import { hasMembers, isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { carryBareKeys, isBareKey, notationOf } from '../yaml/cursor.ts';
import { resolvePlainScalar } from '../yaml/scalar.ts';
import { formatFloat } from './json.ts';
import { chooseStyle, PythonYamlWriter } from './yaml-scalar.ts';

/**
 * The text that OmegaConf.to_yaml gives for a configuration (OmegaConf 2.2 on PyYAML 6): block style, keys in their order,
 * Unicode as it is, texts that look like numbers or booleans in quotes, lines folded behind column 80. Interpolations must
 * be resolved. Numbers are ints or floats as they were written: 1 and 1.0 give different texts.
 */
export function omegaConfYaml(config: JsonObject): string {
  const writer = new PythonYamlWriter();
  writeNode(writer, config, undefined, { indent: undefined, isInMap: false });
  writer.endLine();
  return writer.text;
}

interface Place {
  /** Columns of the collection around; undefined at the root. */
  indent: number | undefined;
  isInMap: boolean;
}

function writeNode(
  writer: PythonYamlWriter,
  value: JsonValue,
  written: string | undefined,
  place: Place,
): void {
  if (Array.isArray(value)) writeList(writer, value, place);
  else if (isObject(value)) writeMap(writer, value, place);
  else writeScalar(writer, value, written, place.indent);
}

function writeMap(writer: PythonYamlWriter, map: JsonObject, { indent: around }: Place): void {
  const keys = Object.keys(map).filter((key) => map[key] !== undefined);
  if (keys.length === 0) writer.indicator('{}');
  const indent = around === undefined ? 0 : around + 2;
  for (const key of keys) {
    const [value, written] = [map[key]!, notationOf(map, key)];
    writer.startLine(indent);
    const bare = isBareKey(map, key) ? bareKeyText(key) : undefined;
    if (bare !== undefined || isSimpleKey(key)) {
      const style = bare === undefined ? chooseStyle(key, true) : '';
      writer.scalar(bare ?? key, style, { indent: indent + 2, isKey: true });
      writer.colon();
      writeNode(writer, value, written, { indent, isInMap: true });
    } else {
      writer.indicator('?', true);
      writeScalar(writer, key, undefined, indent);
      writer.startLine(indent);
      writer.indicator(':', true);
      writeNode(writer, value, written, { indent, isInMap: true });
    }
  }
}

/** A key that is a number, a boolean or null, as PyYAML writes that. */
function bareKeyText(key: string): string | undefined {
  const { value, written } = resolvePlainScalar(key, true);
  const number = numberText(value, written);
  return number ?? (typeof value === 'string' ? undefined : String(value));
}

/** Inside a map dashes stand below the key, not further in. */
function writeList(writer: PythonYamlWriter, list: JsonValue[], { indent: around, isInMap }: Place): void {
  if (list.length === 0) writer.indicator('[]');
  const isIndentless = isInMap && !writer.isAtIndention;
  const indent = around === undefined ? 0 : isIndentless ? around : around + 2;
  for (const [at, value] of list.entries()) {
    writer.startLine(indent);
    writer.indicator('-', true);
    writeNode(writer, value, notationOf(list, at), { indent, isInMap: false });
  }
}

function writeScalar(
  writer: PythonYamlWriter,
  value: JsonValue,
  written: string | undefined,
  around: number | undefined,
): void {
  const indent = around === undefined ? 2 : around + 2;
  const number = numberText(value, written);
  if (number !== undefined) writer.scalar(number, '', { indent, isKey: false });
  else if (typeof value !== 'string') writer.scalar(String(value), '', { indent, isKey: false });
  else writer.scalar(value, chooseStyle(value, false), { indent, isKey: false });
}

/** A number as PyYAML has it; a float has a dot. Undefined for what is none. */
function numberText(value: JsonValue, written: string | undefined): string | undefined {
  if (typeof value === 'string') {
    if (written === undefined || !/^[-+]?\.(?:inf|nan)$/i.test(written)) return undefined;
    return value === 'NaN' ? '.nan' : value.startsWith('-') ? '-.inf' : '.inf';
  }
  if (isExactNumber(value)) {
    return /^-?\d+$/.test(value.text) ? String(BigInt(value.text)) : floatText(value.valueOf());
  }
  if (typeof value !== 'number') return undefined;
  // A whole number of JavaScript is an int, unless it was written as a float.
  if (Number.isInteger(value) && !/[.eE]/.test(written ?? '')) return String(BigInt(value));
  return floatText(written === undefined || value !== 0 ? value : Number(written));
}

function floatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '.nan' : value < 0 ? '-.inf' : '.inf';
  const text = formatFloat(value);
  return text.includes('.') ? text : text.replace('e', '.0e');
}

/** Keys on one line of at most 127 characters, five of which PyYAML counts for the tag. */
function isSimpleKey(key: string): boolean {
  return key !== '' && [...key].length + '!!str'.length < 128 && !/[\n\u0085\u2028\u2029]/.test(key);
}

/**
 * The same configuration with numbers spelled in JSON as they were in YAML: `2.0` stays a float where only its notation
 * said so.
 */
export function withFloats(config: JsonObject): JsonObject {
  return floatsIn(config) as JsonObject;
}

function floatsIn(value: JsonValue): JsonValue {
  if (!hasMembers(value)) return value;
  const member = (key: string | number): JsonValue => {
    const one = (value as JsonObject)[key]!;
    if (typeof one !== 'number' || !/[.eE]/.test(notationOf(value, key) ?? '')) return floatsIn(one);
    return asFloat(one, notationOf(value, key)!);
  };
  if (Array.isArray(value)) return value.map((_, at) => member(at));
  const copy: JsonObject = Object.create(null);
  for (const key of Object.keys(value)) copy[key] = member(key);
  carryBareKeys(value, copy);
  return copy;
}

/** As it was written where JSON spells it so, else with a dot. */
function asFloat(value: number, written: string): JsonValue {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(written)
    ? exactNumber(written)
    : new ExactNumber(Number.isInteger(value) && !/e/.test(String(value)) ? `${value}.0` : String(value));
}
