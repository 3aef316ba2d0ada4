import { z } from 'zod';

/** Where runs are looked for beside the usual places, and which kinds of files are not read. */
export interface RunPlace {
  /** A folder or file, relative to the book, POSIX; undefined for the whole book. */
  path: string | undefined;
  /** Name of a source of runs, or of what only looks like one; undefined for all kinds. */
  kind: string | undefined;
  /** False where such files are left alone. */
  read: boolean;
  /** The column of a table that says which step a row is of. */
  step?: string | undefined;
}

/** How the runs of a book are looked for. */
export interface RunsConfig {
  /** Patterns of folders in which no runs are looked for. */
  exclude: string[];
  places: RunPlace[];
  /** Whether runs are shown that were deleted in the program that recorded them. */
  deleted: boolean;
}

/** Every kind of files that runs are made from, and of those that are recognised and not read. */
export const runKinds = [
  'ledger',
  'receipt',
  'experiment',
  'metrics',
  'log',
  'imported',
  'mlflow',
  'mlflow-db',
  'wandb',
  'tensorboard',
  'sacred',
  'hydra',
  'huggingface',
  'trackio',
  'aim',
  'clearml',
  'neptune',
  'dvc',
  'dvclive',
  'table',
  'junit',
  'github-action-benchmark',
  'pytest-benchmark',
  'hyperfine',
  'go-bench',
  'criterion',
  'k6',
  'lighthouse',
  'coverage',
  'otlp',
  'upptime',
  'github-runs',
  'github-logs',
] as const;

const place = z
  .strictObject({
    path: z
      .string()
      .min(1)
      .refine((path) => !/^(?:[/\\]|[A-Za-z]:)/.test(path) && !path.split(/[/\\]/).includes('..'), {
        error: 'a path in the book, such as "data/runs"; a link in the book may lead elsewhere',
      })
      .optional()
      .describe(
        'A folder or file, relative to the book. It is looked into even where it is a link to a folder elsewhere, or one that is usually passed over.',
      ),
    kind: z
      .enum(runKinds)
      .optional()
      .describe('Only this kind of files is looked for there; a file is read as one of this kind.'),
    read: z
      .boolean()
      .optional()
      .describe('With false, files of this kind, or all below this path, are left alone.'),
    step: z.string().min(1).optional().describe('Of a table: the column that says which step a row is of.'),
  })
  .refine(({ path, kind, read }) => path !== undefined || (kind !== undefined && read === false), {
    error: 'a path, or a kind with "read: false"',
  });

/** The settings below "runs". */
export const runsSchema = z.strictObject({
  exclude: z
    .array(z.string().min(1))
    .max(100)
    .optional()
    .describe('Patterns of folders, relative to the book, in which no runs are looked for.'),
  sources: z
    .array(place)
    .max(100)
    .optional()
    .describe(
      'Further places in which runs are looked for, and kinds of files that are not read (sources.md).',
    ),
  deleted: z
    .boolean()
    .optional()
    .describe(
      'Show runs that were deleted in MLflow and can still be restored there, too, with the tag "deleted".',
    ),
});

/** The settings below "runs", with every default filled in. */
export function resolveRuns(input: z.infer<typeof runsSchema> | undefined): RunsConfig {
  return {
    exclude: input?.exclude ?? [],
    places: (input?.sources ?? []).map(({ path, kind, read = true, step }) => ({
      path: path?.replaceAll('\\', '/').replace(/^(?:\.\/)+|\/+$/g, ''),
      kind,
      read,
      ...(step === undefined ? {} : { step }),
    })),
    deleted: input?.deleted ?? false,
  };
}
