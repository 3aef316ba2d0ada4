import type { Scalar } from './record.ts';

/** What a field is taken from: whole records, and the rows of lists that have no documents. */
export interface RunFieldSource {
  key: string;
  name: string;
  identifier: string;
  status: string;
  statusWord: string;
  tags: readonly string[];
  startedAtUs?: number | undefined;
  atUs?: number | undefined;
  durationMs?: number | undefined;
  stale?: unknown;
  error?: string | undefined;
}

/** Something that every run may have, whatever its parameters and metrics are. */
export interface RunField {
  /** The one word for it: of columns, conditions and orders. */
  id: string;
  /** Words it also goes by, and went by before; a parameter or metric of such a name comes first. */
  aliases: readonly string[];
  /** time: microseconds since 1970; duration: milliseconds, where people give a number alone in seconds. */
  type: 'text' | 'time' | 'duration' | 'boolean';
  /** What it says, for the documentation. */
  meaning: string;
  /** Its value as tables show it and orders take it; undefined where the run has none. */
  of(run: RunFieldSource): Scalar | undefined;
  /** What a condition compares, where that is more than the value: any of these texts may fit. */
  texts?(run: RunFieldSource): readonly string[];
  /** Whether letters count in conditions. */
  isExact?: true;
}

/** The fields of a run, in the order in which they are documented. One entry here is all that the command line needs. */
export const runFields: readonly RunField[] = [
  {
    id: 'status',
    aliases: [],
    type: 'text',
    meaning: "how it stands; conditions also take the file's own word",
    of: (run) => run.status,
    texts: (run) => [run.status, run.statusWord],
  },
  {
    id: 'tags',
    aliases: ['tag'],
    type: 'text',
    meaning: 'its tags; a condition holds where one of them fits',
    of: (run) => (run.tags.length === 0 ? undefined : run.tags.join(', ')),
    texts: (run) => run.tags,
  },
  {
    id: 'identifier',
    aliases: [],
    type: 'text',
    meaning: "what groups runs: the ledger's identifier, else the folder",
    of: (run) => run.identifier,
    isExact: true,
  },
  {
    id: 'name',
    aliases: [],
    type: 'text',
    meaning: 'the last part of the key',
    of: (run) => run.name,
    isExact: true,
  },
  {
    id: 'key',
    aliases: [],
    type: 'text',
    meaning: 'what is unique in the book',
    of: (run) => run.key,
    isExact: true,
  },
  {
    id: 'started',
    aliases: [],
    type: 'time',
    meaning: 'when it began; `started = 2025-07` is all of July',
    of: (run) => run.startedAtUs ?? run.atUs,
  },
  {
    id: 'duration',
    aliases: ['took'],
    type: 'duration',
    meaning: 'how long it took; a number alone is seconds, else `10min`, `1.5 h`',
    of: (run) => run.durationMs,
  },
  {
    id: 'stale',
    aliases: [],
    type: 'boolean',
    meaning: 'whether it says "running" and shows no sign of life',
    of: (run) => run.stale !== undefined && run.stale !== null && run.stale !== false,
  },
  {
    id: 'reason',
    aliases: ['error'],
    type: 'text',
    meaning: 'why it did not end well',
    of: (run) => run.error?.split('\n', 1)[0],
    texts: (run) => [run.error ?? ''],
    isExact: true,
  },
];

/** The words of all fields, without aliases. */
export const runFieldIds: readonly string[] = runFields.map(({ id }) => id);

const byWord = new Map(
  runFields.flatMap((field) => [field.id, ...field.aliases].map((word) => [word, field])),
);

/**
 * The field that a word means; undefined where it means none. An alias leaves its word to a parameter or metric of that
 * name (many runs record an `error`), but for `tag`, which has always been the field.
 */
export function runFieldNamed(
  word: string,
  isRecorded: (name: string) => boolean = () => false,
): RunField | undefined {
  const field = byWord.get(word);
  return field !== undefined && field.id !== word && word !== 'tag' && isRecorded(word) ? undefined : field;
}
