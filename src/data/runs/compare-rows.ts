import { formatNumber } from '../../../collector/base/format/number.ts';
import {
  fieldText,
  fieldValue,
  hasMembers,
  isExactNumber,
  isObject,
  isSameValue,
  type JsonValue,
  jsonText,
  type RunField,
  runFields,
  wholeValue,
} from '../browser.ts';
import { leafView } from '../values/value.ts';
import {
  type CodeChange,
  type CodeChanges,
  type CommitChange,
  type CommitChanges,
  codeChange,
  codeKey,
  commitChange,
  innerCode,
} from './code-changes.ts';
import { ownValue, type ReceiptRepository, type RunDetails, type Scalar } from './types.ts';

/** One line of a comparison: a value of each run, in their order. */
export interface CompareRow {
  name: string;
  /** Undefined where the run has no such value. */
  values: (CompareValue | undefined)[];
  /** Whether not all runs have the same. */
  differs: boolean;
}

/** A value as it is printed; `whole` is what was recorded, where the text is shorter. */
export interface CompareValue {
  text: string;
  whole: string | undefined;
  /** "best" as recorded, "likely best" by name, "highest" or "lowest" of its row. */
  word: string | undefined;
  isNumber: boolean;
  /** How far a metric is from the first run's, in percent. */
  share?: string;
  /** What differs from the first run's code, where the row is about code and it is known. */
  files?: CodeChange | undefined;
  /** What commits lie between the first run's and this one, where it is known. */
  commits?: CommitChange | undefined;
}

/** What is told of the code: trees, commits, branches, whether all was committed. */
export function codeRows(runs: RunDetails[], known: CodeChanges, commits: CommitChanges): CompareRow[] {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.receipt?.repos ?? {})))];
  const of = (name: string, pick: (repository: ReceiptRepository) => string | undefined) =>
    runs.map((run) => {
      const repository = ownValue(run.receipt?.repos ?? {}, name);
      return repository === undefined ? undefined : pick(repository);
    });
  const rows = names.flatMap((name) => [
    withFiles(plainRow(`${name}: files`, of(name, codeKey)), of(name, codeKey), known),
    withCommits(
      plainRow(
        `${name}: commit`,
        of(name, ({ head, commit }) => head ?? commit),
      ),
      of(name, ({ head, commit }) => head ?? commit),
      commits,
    ),
    plainRow(
      `${name}: not recorded`,
      of(name, (repository) => innerCode(repository).unknown.join(', ') || undefined),
    ),
    plainRow(
      `${name}: branch`,
      of(name, ({ branch }) => branch),
    ),
    plainRow(
      `${name}: state`,
      of(name, ({ isDirty }) => (isDirty === undefined ? undefined : isDirty ? 'not committed' : 'clean')),
    ),
  ]);
  const branches = runs.map(({ experiment }) => {
    const branch = experiment?.['git_branch'];
    return typeof branch === 'string' && branch !== '' ? branch : undefined;
  });
  const others = [...fieldRows('Code', runs), plainRow('branch', branches)];
  // What a repository's row says already is not said twice.
  return [...rows, ...others.filter((other) => !rows.some((row) => hasSameValues(row, other)))];
}

const hasSameValues = (one: CompareRow, other: CompareRow) =>
  one.values.every((value, at) => {
    const [a, b] = [value, other.values[at]];
    return a?.text === b?.text && a?.whole === b?.whole;
  });

/** One line for each field of runs that stands in a section. */
export function fieldRows(section: NonNullable<RunField['compare']>, runs: RunDetails[]): CompareRow[] {
  return runFields
    .filter(({ compare }) => compare === section)
    .map((field) =>
      plainRow(
        field.id,
        runs.map((run) => comparedText(field, run)),
      ),
    );
}

function comparedText(field: RunField, run: RunDetails): string | undefined {
  if (field.shown !== undefined) return field.shown(run);
  const whole = wholeValue(field, run) ?? fieldValue(field, run);
  if (Array.isArray(whole)) return whole.map(String).sort().join(', ') || undefined;
  return whole === undefined ? undefined : fieldText(field.type, whole as Scalar);
}

/** Adds to each tree that is not the first run's what differs from it. */
function withFiles(row: CompareRow, trees: (string | undefined)[], known: CodeChanges): CompareRow {
  const [first] = trees;
  const values = row.values.map((value, at) => {
    const tree = trees[at];
    if (value === undefined || first === undefined || tree === undefined || tree === first) return value;
    return { ...value, files: codeChange(known, first, tree) };
  });
  // Trees may differ in what recording writes and in results alone: that is the same code.
  const differs = values.some(
    (value, at) => trees[at] !== first && (value === undefined || value.files?.count !== 0),
  );
  return { ...row, values, differs };
}

/** Adds to each commit that is not the first run's what lies between. */
function withCommits(row: CompareRow, ids: (string | undefined)[], known: CommitChanges): CompareRow {
  const [first] = ids;
  return {
    ...row,
    values: row.values.map((value, at) => {
      const id = ids[at];
      if (value === undefined || first === undefined || id === undefined || id === first) return value;
      return { ...value, commits: commitChange(known, first, id) };
    }),
  };
}

/** Digests of the inputs. */
export function dataRows(runs: RunDetails[]): CompareRow[] {
  const names = [
    ...new Set(
      runs.flatMap((run) => [
        ...Object.keys(run.receipt?.data ?? {}),
        ...Object.keys(run.receipt?.inputs ?? {}),
      ]),
    ),
  ];
  return names.map((name) =>
    plainRow(
      name,
      runs.map(
        (run) => ownValue(run.receipt?.data ?? {}, name) ?? ownValue(run.receipt?.inputs ?? {}, name)?.digest,
      ),
    ),
  );
}

/** Names of what a run was made from. */
export function parentsText({ parents }: RunDetails): string | undefined {
  return parents.length === 0
    ? undefined
    : parents
        .map(({ name }) => name)
        .sort()
        .join(', ');
}

/** Fields of an experiment file that describe the machine rather than the run. */
const machine = ['python_version', 'pytorch_version', 'platform', 'cuda_version', 'hostname', 'username'];

/** What is recorded of the machine and its software, flattened with dots. */
export function environmentOf(run: RunDetails): Record<string, JsonValue> {
  const found: Record<string, JsonValue> = Object.create(null);
  const add = (value: JsonValue, path: string, depth: number): void => {
    if (isObject(value) && depth < 4) {
      for (const [key, one] of Object.entries(value))
        add(one, path === '' ? key : `${path}.${key}`, depth + 1);
    } else if (Object.keys(found).length < 2000) found[path] = Array.isArray(value) ? jsonText(value) : value;
  };
  if (run.receipt?.environment !== undefined) add(run.receipt.environment, '', 0);
  else
    for (const name of machine) {
      const value = run.experiment?.[name];
      if (value !== undefined && value !== '') found[name] = value;
    }
  return found;
}

/** One line for each name of some records. */
export function recordRows(records: Record<string, JsonValue>[]): CompareRow[] {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))].sort();
  return names.map((name) => {
    const values = records.map((record) => ownValue(record, name));
    return {
      name,
      values: values.map((value) => (value === undefined ? undefined : scalarValue(value, name))),
      differs: values.some((value) => !isSame(value, values[0])),
    };
  });
}

/** Another spelling of a number (1.0 for 1) is no difference. */
const isSame = (one: JsonValue | undefined, other: JsonValue | undefined) =>
  isExactNumber(one) || isExactNumber(other)
    ? one !== undefined && other !== undefined && isSameValue(one, other)
    : jsonText(one) === jsonText(other);

function scalarValue(value: JsonValue, name: string): CompareValue {
  if (hasMembers(value)) return textValue(jsonText(value));
  if (typeof value === 'number' || isExactNumber(value))
    return {
      text:
        typeof value === 'object' || Number.isFinite(value)
          ? leafView(value, name).text
          : formatNumber(value),
      whole: String(value),
      word: undefined,
      isNumber: true,
    };
  return textValue(value === null ? 'null' : value === '' ? 'empty text' : String(value));
}

/** One line of texts. */
export function plainRow(name: string, values: (string | undefined)[]): CompareRow {
  return {
    name,
    values: values.map((value) => (value === undefined ? undefined : textValue(value))),
    differs: values.some((value) => value !== values[0]),
  };
}

/** Digests are told apart by their beginning. */
function textValue(value: string): CompareValue {
  const isDigest = /^(?=.*[a-f])(?:[a-z0-9]+:)?[0-9a-f]{16,}$/.test(value);
  const text = isDigest
    ? value.slice(0, value.indexOf(':') + 13)
    : value.length > 160
      ? `${value.slice(0, 159)}…`
      : value;
  return { text, whole: text === value ? undefined : value, word: undefined, isNumber: false };
}
