import { hasMembers, isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { carryBareKeys, notationOf } from '../yaml/cursor.ts';
import {
  type Element,
  InterpolationError,
  type Piece,
  parseElement,
  parseInterpolations,
} from './grammar.ts';
import { createdFrom, type Found, listOf, mapOf, placeName, plainValue, pythonText } from './values.ts';

/** What an environment variable is to a configuration; `withheld` ones may not be recorded. */
export type Variable = { value: string } | 'unset' | 'withheld';

/** A configuration as the program sees it that reads it with OmegaConf. */
export interface ResolvedConfig {
  config: JsonObject;
  /** Text of each value that held interpolations, by its place ("data.paths[0]"), escaped. */
  texts: Record<string, string>;
  /** Those of them that could not be resolved and stand in `config` as they are, escaped. */
  unresolved: { place: string; text: string; reason: string }[];
}

/**
 * Resolves `${a.b}`, `${.a}`, `${a[0]}`, `${oc.env:NAME,default}` and the other resolvers that come with OmegaConf
 * (oc.create, oc.decode, oc.select, oc.deprecated, oc.dict.keys, oc.dict.values). What cannot be resolved stays as
 * it is written, with the reason; never throws. Such text is escaped ("\${a}"), so that OmegaConf reads the text and does
 * not look for `a` in a receipt. Source: OmegaConf 2.2.
 */
export function resolveConfig(config: JsonObject, variable: (name: string) => Variable): ResolvedConfig {
  const resolution = new Resolution(config, variable);
  return resolution.run();
}

/** Interpolations may multiply one another; what they stand for in all may not be much more than people write. */
const maxSteps = 100_000;
const maxCharacters = 4_000_000;

function withKeysOf(original: JsonObject, copy: JsonObject): JsonObject {
  carryBareKeys(original, copy);
  return copy;
}

class Resolution {
  readonly #root: JsonObject;
  readonly #variable: (name: string) => Variable;
  readonly #texts: Record<string, string> = Object.create(null);
  readonly #unresolved: ResolvedConfig['unresolved'] = [];
  readonly #open = new Set<string>();
  #steps = 0;
  #characters = 0;

  constructor(root: JsonObject, variable: (name: string) => Variable) {
    this.#root = root;
    this.#variable = variable;
  }

  run(): ResolvedConfig {
    const config = this.#copy(this.#root, []) as JsonObject;
    return { config, texts: this.#texts, unresolved: this.#unresolved };
  }

  /** The value with all that is below it resolved; the same object where nothing had to be. */
  #copy(value: JsonValue, place: readonly string[]): JsonValue {
    if (Array.isArray(value)) {
      const list = value.map((_, at) => this.#member(value, String(at), [...place, String(at)]));
      return list.some(({ value: each }, at) => each !== value[at]) ? listOf(list) : value;
    }
    if (!isObject(value)) return value;
    const entries = Object.keys(value).map(
      (key) => [key, this.#member(value, key, [...place, key])] as const,
    );
    if (entries.every(([key, { value: each }]) => each === value[key])) return value;
    return withKeysOf(value, mapOf(entries));
  }

  #member(holder: JsonValue[] | JsonObject, key: string, place: readonly string[]): Found {
    const value = (holder as JsonObject)[key]!;
    if (!isInterpolated(value)) {
      return { value: this.#copy(value, place), written: notationOf(holder, key) };
    }
    const name = placeName(this.#root, place);
    this.#texts[name] = escaped(value);
    try {
      return this.#whole(this.#evaluate(value, place));
    } catch (error) {
      if (!(error instanceof InterpolationError)) throw error;
      this.#unresolved.push({ place: name, text: value, reason: error.message });
      return { value: escaped(value) };
    }
  }

  /** A found value without interpolations in it; throws where one of them cannot be resolved. */
  #whole({ value, written, place }: Found): Found {
    if (place === undefined || !hasMembers(value)) return { value, written };
    return this.#once(`whole ${place.join('\0')}`, () => this.#wholeOf(value, place));
  }

  #wholeOf(value: JsonValue[] | JsonObject, place: readonly string[]): Found {
    if (Array.isArray(value)) {
      return { value: listOf(value.map((_, at) => this.#whole(this.#step(value, String(at), place)))) };
    }
    const entries = Object.keys(value).map(
      (key) => [key, this.#whole(this.#step(value, key, place))] as const,
    );
    return { value: withKeysOf(value, mapOf(entries)) };
  }

  /** What stands under a key, with an interpolation in its place followed. */
  #step(holder: JsonValue[] | JsonObject, key: string, above: readonly string[]): Found {
    const place = [...above, key];
    const value = (holder as JsonObject)[key]!;
    if (isInterpolated(value)) return this.#evaluate(value, place);
    return { value, written: notationOf(holder, key), place };
  }

  #evaluate(text: string, place: readonly string[]): Found {
    return this.#once(place.join('\0'), () => this.#joined(parseInterpolations(text), place));
  }

  /** What is being looked up may not need itself. */
  #once(id: string, look: () => Found): Found {
    this.#steps += 1;
    if (this.#open.has(id)) throw new InterpolationError('it leads back to itself');
    if (this.#steps > maxSteps || this.#open.size > 200)
      throw new InterpolationError('it stands for too many values');
    this.#open.add(id);
    try {
      return look();
    } finally {
      this.#open.delete(id);
    }
  }

  /** One interpolation alone keeps its type; among other text it becomes text as Python writes it. */
  #joined(pieces: readonly Piece[], at: readonly string[]): Found {
    const [only] = pieces;
    if (pieces.length === 1 && typeof only === 'object') return this.#look(only, at);
    const value = pieces
      .map((piece) => (typeof piece === 'string' ? piece : pythonText(this.#look(piece, at))))
      .join('');
    this.#characters += value.length;
    if (this.#characters > maxCharacters) throw new InterpolationError('it stands for too much text');
    return { value };
  }

  #look(piece: Exclude<Piece, string>, at: readonly string[]): Found {
    if (piece.kind === 'resolver') {
      const args = piece.args.map((arg) => this.#element(arg, at));
      return this.#ask(piece.name.map((part) => this.#name(part, at)).join('.'), args);
    }
    const keys = piece.keys.map((key) => this.#name(key, at)).flatMap((key) => key.split('.'));
    // One dot is the map or list that the value stands in.
    if (piece.dots > at.length) throw new InterpolationError('it leads above the configuration');
    const base = piece.dots === 0 ? [] : at.slice(0, at.length - piece.dots);
    const found = this.#at([...base, ...keys]);
    if (found === undefined) throw new InterpolationError(`there is no "${[...base, ...keys].join('.')}"`);
    if (found.value === '???') throw new InterpolationError(`"${keys.join('.')}" has no value yet (???)`);
    return found;
  }

  #name(piece: Piece, at: readonly string[]): string {
    const { value } = typeof piece === 'string' ? { value: piece } : this.#look(piece, at);
    if (typeof value === 'string') return value;
    throw new InterpolationError('a name in it is not a text');
  }

  #at(keys: readonly string[]): Found | undefined {
    let found: Found = { value: this.#root, place: [] };
    for (const key of keys) {
      const { value, place } = found;
      const isThere = Array.isArray(value)
        ? /^\d+$/.test(key) && Number(key) < value.length
        : isObject(value) && Object.hasOwn(value, key);
      if (!isThere) return undefined;
      const holder = value as JsonObject;
      const name = Array.isArray(value) ? String(Number(key)) : key;
      found = place === undefined ? { value: holder[name]! } : this.#step(holder, name, place);
    }
    return found;
  }

  #element(element: Element, at: readonly string[]): Found {
    if (element.kind === 'list')
      return { value: listOf(element.elements.map((each) => this.#whole(this.#element(each, at)))) };
    if (element.kind === 'map')
      return {
        value: mapOf(element.entries.map(([key, each]) => [key, this.#whole(this.#element(each, at))])),
      };
    const [only = ''] = element.pieces;
    if (element.kind === 'plain' && element.pieces.length <= 1 && typeof only === 'string')
      return plainValue(only);
    return this.#joined(element.pieces, at);
  }

  #ask(name: string, args: Found[]): Found {
    const most = Object.hasOwn(maxArguments, name) ? maxArguments[name]! : undefined;
    if (most === undefined) throw new InterpolationError(`the resolver "${name}" is not known here`);
    const [first, second] = args;
    const key = first?.value;
    if (first === undefined || args.length > most)
      throw new InterpolationError(`${name} takes ${most === 1 ? 'one value' : 'one or two values'}`);
    if (name === 'oc.create' && (key === null || hasMembers(key))) return { value: key };
    if (name === 'oc.decode' && key === null) return { value: null };
    if (typeof key !== 'string') throw new InterpolationError(`${name} takes a text`);
    if (name === 'oc.env') return this.#environment(key, second);
    if (name === 'oc.create') return createdFrom(key);
    if (name === 'oc.decode') return this.#element(parseElement(key), []);
    const found = this.#at(key.split('.'));
    if (name === 'oc.select') return found ?? second ?? { value: null };
    if (found === undefined) throw new InterpolationError(`there is no "${key}"`);
    return name === 'oc.deprecated' ? found : this.#listed(name, found);
  }

  /** The names of a map, or its values. */
  #listed(name: string, { value, place = [] }: Found): Found {
    if (!isObject(value)) throw new InterpolationError(`${name} takes the place of names and values`);
    const names = Object.keys(value);
    if (name === 'oc.dict.keys') return { value: names };
    return { value: listOf(names.map((key) => this.#whole(this.#step(value, key, place)))) };
  }

  #environment(name: string, standby: Found | undefined): Found {
    const variable = this.#variable(name);
    if (variable === 'withheld')
      throw new InterpolationError(`the variable ${name} is not among those that are recorded`);
    if (variable !== 'unset') return { value: variable.value };
    if (standby === undefined) throw new InterpolationError(`the variable ${name} is not set`);
    return standby.value === null ? standby : { value: pythonText(standby) };
  }
}

/** The resolvers that come with OmegaConf, with the number of arguments they take at most. */
const maxArguments: Readonly<Record<string, number>> = {
  'oc.create': 1,
  'oc.decode': 1,
  'oc.deprecated': 2,
  'oc.dict.keys': 1,
  'oc.dict.values': 1,
  'oc.env': 2,
  'oc.select': 2,
};

const isInterpolated = (value: JsonValue): value is string =>
  typeof value === 'string' && value.includes('${');

/** With one backslash more than twice those that are there, so that the text is what comes out. */
const escaped = (text: string) => text.replace(/(\\*)\$\{/g, '$1$1\\${');
