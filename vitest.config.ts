import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { CountReporter } from './scripts/count-reporter.ts';
import { LongFilesFirst } from './scripts/long-files-first.ts';

/** Files that start processes (git among them) or a browser, build a site, replace modules, or take seconds. */
const slow = [
  'tests/{browser,build,packaging,probes,process}/**/*.test.ts',
  'tests/operations/{receipts,redact,sync}/**/*.test.ts',
  'tests/store/{ledger,receipts}/**/*.test.ts',
  'tests/base/{child-process,temporary-name}.test.ts',
  'tests/base/secrets/values.test.ts',
  'tests/cli/{checks,diff-things,digits,git-trouble,receipts,silence,tags}.test.ts',
  'tests/data/{apart,publish}.test.ts',
  'tests/data/{actions,snapshots}/going-on.test.ts',
  'tests/formats/{receipts/text,schedule/schedule}.test.ts',
  'tests/operations/{actions/source,site/serve,snapshots/take}.test.ts',
  'tests/operations/versions/fold-versions.test.ts',
  'tests/store/{recorded-file,slow-flush}.test.ts',
  'tests/store/runs/damaged-run-files.test.ts',
  'tests/store/versions/crash.test.ts',
  'tests/{examples,library-docs,templates}.test.ts',
];

export default defineConfig({
  // As in tsconfig.json; without what is added for looking into components while they are developed.
  oxc: { jsx: { runtime: 'classic', pragma: 'part', pragmaFrag: 'group', development: false } },
  test: {
    reporters: ['default', new CountReporter()],
    sequence: { sequencer: LongFilesFirst },
    // Processes and browsers wait for each other more than they compute: two workers left half of two cores idle.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    testTimeout: 120_000,
    hookTimeout: 240_000,
    env: { TZ: 'UTC', NO_COLOR: '1' },
    projects: [
      {
        extends: true,
        test: {
          name: 'slow',
          include: slow,
          globalSetup: ['tests/browser/shared-sites.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['tests/**/*.test.ts'],
          exclude: slow,
          setupFiles: ['tests/no-processes.ts'],
          // Files share what they import: most of the time went into importing it again.
          isolate: false,
        },
      },
    ],
  },
});
