import { nearest } from '../../base/nearest.ts';
import { showText } from '../../base/show.ts';
import type { RunField } from '../field.ts';
import { runFieldIds, runFieldNamed } from '../fields.ts';
import { type FilterToken, filterTokens } from './tokens.ts';
import type { FilterOperator, RunFilter } from './tree.ts';

/** What is wrong with a condition: where (characters from 0), and what was expected there. */
export interface FilterProblem {
  at: number;
  expected: string;
  found: string;
  /** A field that was probably meant. */
  near: string | undefined;
  /** All of it as one sentence. */
  message: string;
}

const deepest = 100;

/** What is expected where a name stands that no run has. */
export const unknownField = 'a field of these runs';

/**
 * Understands a condition such as `lr < 0.1 AND status = failed OR NOT (tags = best)`. NOT binds closest, then AND, then
 * OR; words may be in quotes. An empty text holds for every run. With `names`, those of the parameters and metrics there
 * are, other names are refused. Never throws.
 */
export function parseRunFilter(text: string, names?: Iterable<string>): ParsedFilter {
  return parseFilter(text, wordsOfRuns(names === undefined ? undefined : new Set(names)));
}

/** A condition that was understood, or what is wrong with it. */
export type ParsedFilter =
  | { filter: RunFilter; problem?: undefined }
  | { filter?: undefined; problem: FilterProblem };

/** What the names of a condition mean. */
export interface FilterWords {
  fieldNamed(name: string): RunField | undefined;
  /** What was expected in place of a name that is no field; undefined where it may stand. */
  check?(name: string): { expected: string; near: string | undefined } | undefined;
  /** What is looked up for a name that is no field; the name itself if left out. */
  nameOf?(name: string): string;
  /** Words that may stand apart in front of a name: "metric acc" is "metric.acc". */
  kinds?: ReadonlySet<string>;
}

/** The same language with other names. Never throws. */
export function parseFilter(text: string, words: FilterWords): ParsedFilter {
  const parser = new Parser(text, words);
  try {
    return { filter: parser.parse() };
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.problem };
    throw error;
  }
}

/** Carries a problem out of the descent; never leaves this file. */
class Refusal extends Error {
  readonly problem: FilterProblem;

  constructor(problem: FilterProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** The fields of runs, and the parameters and metrics there are; without those, any name. */
function wordsOfRuns(names: ReadonlySet<string> | undefined): FilterWords {
  const fieldNamed = (name: string) => runFieldNamed(name, (each) => names?.has(each) === true);
  if (names === undefined) return { fieldNamed };
  const check = (name: string) => {
    const bare = name.replace(/^(?:params|metrics)\./, '');
    if (names.has(name) || names.has(bare)) return undefined;
    const isPlaced = bare !== name;
    const near = nearest(isPlaced ? bare : name, isPlaced ? names : [...runFieldIds, ...names]);
    const meant = near === undefined ? undefined : name.slice(0, name.length - bare.length) + near;
    return { expected: unknownField, near: meant };
  };
  return { fieldNamed, check };
}

class Parser {
  readonly #tokens: FilterToken[];
  readonly #words: FilterWords;
  #at = 0;
  #depth = 0;

  constructor(text: string, words: FilterWords) {
    this.#tokens = filterTokens(text);
    this.#words = words;
  }

  parse(): RunFilter {
    if (this.#next().kind === 'end') return { kind: 'all' };
    const filter = this.#any();
    if (this.#next().kind !== 'end') this.#refuse('AND, OR or the end');
    return filter;
  }

  #any(): RunFilter {
    return this.#series('or', () => this.#series('and', () => this.#one()));
  }

  #series(kind: 'and' | 'or', term: () => RunFilter): RunFilter {
    const terms = [term()];
    while (this.#next().kind === kind) {
      this.#at += 1;
      terms.push(term());
    }
    return terms.length === 1 ? terms[0]! : { kind, terms };
  }

  #one(): RunFilter {
    const token = this.#next();
    if (token.kind !== 'not' && token.kind !== 'open') return this.#comparison();
    this.#at += 1;
    this.#depth += 1;
    if (this.#depth > deepest) this.#refuse(`at most ${deepest} levels of NOT and parentheses`);
    const inner = token.kind === 'not' ? this.#one() : this.#any();
    this.#depth -= 1;
    if (token.kind === 'not') return { kind: 'not', term: inner };
    if (this.#next().kind !== 'close') this.#refuse('AND, OR or ")"');
    this.#at += 1;
    return inner;
  }

  #comparison(): RunFilter {
    if (this.#next().kind !== 'word') this.#refuse('a field, NOT or "("');
    const name = this.#name();
    const known = this.#words.fieldNamed(name);
    const wrong = known === undefined ? this.#words.check?.(name) : undefined;
    if (wrong !== undefined) this.#refuse(wrong.expected, wrong.near);
    this.#at += 1;
    const operator = this.#next();
    if (operator.kind !== 'operator') {
      // "stale" alone is a question that can be answered.
      if (known?.type === 'boolean') {
        return {
          kind: 'compare',
          name: known.id,
          field: known,
          operator: '=',
          value: 'true',
          quoted: false,
        };
      }
      this.#refuse('one of = != < <= > >= ~');
    }
    this.#at += 1;
    const first = this.#next();
    if (first.kind !== 'word') this.#refuse('a value; put it in quotes if it is one of AND, OR and NOT');
    this.#at += 1;
    return {
      kind: 'compare',
      name: known?.id ?? this.#words.nameOf?.(name) ?? name,
      field: known,
      operator: operator.text as FilterOperator,
      value: first.text + this.#unit(known),
      quoted: first.quoted,
    };
  }

  /** "duration > 10 min": the unit may stand apart. */
  #unit(field: RunField | undefined): string {
    const token = this.#next();
    if (field?.type !== 'duration' || token.kind !== 'word' || !/^[a-z]+$/i.test(token.text)) return '';
    this.#at += 1;
    return token.text;
  }

  /** The name that stands here; a kind apart in front of it belongs to it. */
  #name(): string {
    const first = this.#next();
    const second = this.#tokens[this.#at + 1];
    const isKind = !first.quoted && this.#words.kinds?.has(first.text.toLowerCase()) === true;
    if (!isKind || second?.kind !== 'word') return first.text;
    this.#at += 1;
    return `${first.text}.${second.text}`;
  }

  #next(): FilterToken {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)]!;
  }

  #refuse(expected: string, near?: string): never {
    const { kind, text, at } = this.#next();
    const found =
      kind === 'end'
        ? 'the end'
        : kind === 'open-quote'
          ? `a quote that is not closed`
          : `"${showText(text)}"`;
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    const message = `Expected ${expected} at character ${at + 1}, found ${found}${hint}`;
    throw new Refusal({ at, expected, found, near, message: near === undefined ? `${message}.` : message });
  }
}
