import { z } from 'zod';
import { receiptSchema } from './receipt.ts';

const digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .describe('sha256 of the bytes; of a folder or glob it covers the names, too');

const inner = z
  .object({
    commit: z.string().optional().describe('Shadow commit of its changes, or the commit that is checked out'),
    tree: z.string().optional().describe('Tree of that commit; with a patch that of HEAD'),
    is_dirty: z.boolean().optional().describe('Whether its work tree differed from HEAD'),
    head: z.string().optional().describe('HEAD at that time'),
    remote: z.string().optional().describe('Where its code comes from, without what logs in'),
    work_tree: z.string().optional().describe('With a patch: the tree that comes out'),
    patch: z.string().optional().describe('From `tree` to the work tree, for git apply --binary'),
    patch_base64: z.string().optional().describe('The same where it is not UTF-8'),
    patch_missing: z.string().optional().describe('Why there is no patch'),
    missing: z
      .string()
      .optional()
      .describe('Why nothing of it is recorded; then nothing can be proven of it'),
  })
  .describe('A repository inside of another');

const repository = z
  .object({
    commit: z
      .string()
      .optional()
      .describe('Shadow commit of the whole work tree; HEAD where there is a patch'),
    tree: z.string().describe('Tree of that commit: the key for "same code"'),
    is_dirty: z.boolean().describe('Whether the work tree differed from HEAD'),
    include: z.array(z.string()).optional().describe('What counts when receipts are compared: only this'),
    exclude: z.array(z.string()).optional().describe('What does not count when receipts are compared'),
    module: z.string().optional().describe('Module that was run'),
    path: z.string().describe('Folder, relative to the book; absolute outside of it'),
    head: z.string().optional().describe('HEAD at that time; missing before the first commit'),
    branch: z.string().optional().describe('Branch at that time; missing for a detached HEAD'),
    remote: z.string().optional().describe('Where the code comes from, without what logs in'),
    work_tree: z
      .string()
      .optional()
      .describe('With a patch: the tree that comes out, the key for "same code"'),
    patch: z.string().optional().describe('From `tree` to the work tree, for git apply --binary'),
    patch_base64: z.string().optional().describe('The same where it is not UTF-8'),
    patch_missing: z.string().optional().describe('Why there is no patch'),
    submodules: z
      .record(z.string(), inner)
      .optional()
      .describe('Repositories inside of it by path, submodules or not, at any depth'),
  })
  .describe('One repository');

const input = z
  .object({
    path: z.string().describe('Relative to the book; absolute outside of it'),
    kind: z.enum(['file', 'folder', 'glob']).describe('What it is'),
    bytes: z.number().int().describe('Size of all its files'),
    files: z.number().int().describe('How many they are'),
    digest,
    not_covered: z
      .array(
        z.object({ path: z.string().describe('Path inside of it'), why: z.string().describe('What it is') }),
      )
      .optional()
      .describe('What lies there and does not enter the digest'),
    lfs_pointers: z
      .record(z.string(), digest)
      .optional()
      .describe(
        'Files of it that were Git LFS pointers, with the digest of what each stands for; `digest` covers the pointers',
      ),
    manifest: z
      .record(z.string(), digest)
      .optional()
      .describe('Digest by path; with --manifest, or up to 100 files'),
  })
  .describe('One file, folder or glob');

const output = z
  .union([input, z.object({ path: z.string(), missing: z.string() })])
  .describe('As an input; or `missing` with the reason');

const environment = z
  .looseObject({
    os: z.string().describe('System and its release'),
    arch: z.string().describe('Architecture'),
    host: z.string().describe('Name of the machine'),
    processor: z.string().optional().describe('Model of the processor'),
    runner: z.string().optional().describe('Image and version of the runner of GitHub Actions'),
    node: z.string().describe('Version of Node.js'),
    python: z.string().optional().describe('Version of the active environment, of .venv, or of python3'),
    cuda: z
      .object({
        driver: z.string().describe('Version of the driver'),
        cards: z.array(z.string()).describe('Names of the cards'),
      })
      .optional()
      .describe('What nvidia-smi says'),
    daybook: z.string().describe('Version of Daybook'),
    ci: z
      .object({
        provider: z.string().describe('Name of the CI provider'),
        url: z.string().optional().describe('http(s) address of the run'),
      })
      .optional()
      .describe('CI and address of its run'),
    cwd: z.string().describe('Where it was started, relative to the book'),
    command: z.array(z.string()).optional().describe('Command line, secrets masked'),
    variables: z
      .record(z.string(), z.string().nullable())
      .optional()
      .describe('The variables that were chosen; null where one was not set'),
    lock_files: z.record(z.string(), digest).optional().describe('Lock files in the root of the book'),
    packages: z
      .record(z.string(), z.string())
      .optional()
      .describe('Installed Python packages: version by name'),
    running: z
      .object({
        host: z.string().describe('The machine'),
        pid: z.number().int().describe('The process of daybook exec'),
        start: z.string().optional().describe('When it began, in the words of the system'),
      })
      .optional()
      .describe('Which process runs the command, as long as it goes on (exec --lock)'),
    exit_code: z.number().int().optional().describe('How the command ended (exec --lock)'),
    signal: z.string().optional().describe('The signal that ended it'),
    error: z
      .string()
      .optional()
      .describe('Why it did not end well: how it ended, and the line it gave as its reason'),
    duration_ms: z.number().optional().describe('How long it took, in milliseconds'),
  })
  .describe('What the run ran in');

const rerun = z.looseObject({
  of: z.string().describe('Key of the run that was run again'),
  verdict: z.enum(['same', 'within tolerance', 'different', 'inconclusive']).describe('What came of it'),
  reasons: z.array(z.string()).describe('Why, one sentence each'),
  tolerance: z.number().describe('How far metrics were allowed to differ, as a share of the larger value'),
  results: z
    .array(
      z.looseObject({
        part: z.enum(['exit', 'output', 'metric']).describe('What kind of result: exit code, file, number'),
        name: z.string().describe('Name of the output or metric'),
        state: z.enum(['same', 'within tolerance', 'different', 'left out']).describe('How both stand'),
        why: z.string().optional().describe('What was and what is'),
      }),
    )
    .describe('What was compared; at most 200, those that differ first'),
});

/** A run.lock as Daybook writes it. */
export const receiptFileSchema = z
  .looseObject({
    schema: z.literal(receiptSchema).describe('Which form this is'),
    timestamp: z
      .string()
      .describe('UTC time with microseconds and zone; with exec --lock when the command started'),
    run: z.string().optional().describe('Key that ties it to a run recorded elsewhere'),
    parent: z.string().optional().describe('run.lock of the sweep whose task this is'),
    rerun: rerun
      .optional()
      .describe('Of a rerun (daybook rerun): what it repeats, and whether it reached the same'),
    config: z
      .record(z.string(), z.any())
      .describe('Configuration of the run, interpolations resolved, secrets masked'),
    config_texts: z
      .record(z.string(), z.string())
      .optional()
      .describe('How values were written that held interpolations, by their place ("data.paths[0]")'),
    repos: z.record(z.string(), repository).optional().describe('Code: repositories by name'),
    data: z
      .record(z.string(), z.string())
      .optional()
      .describe("Inputs by name, FlexLock's value: xxh64 in 16 hex digits"),
    inputs: z
      .record(z.string(), input)
      .optional()
      .describe('The same inputs with path, size and a digest that covers names'),
    outputs: z.record(z.string(), output).optional().describe('What the command wrote (exec --lock)'),
    environment: environment.optional(),
    lineage: z
      .record(
        z.string(),
        z.object({ path: z.string().describe('Relative to the book; absolute outside of it') }),
      )
      .optional()
      .describe("Folders of the previous stages, as FlexLock's tools look for them"),
    prevs: z
      .record(z.string(), z.any())
      .optional()
      .describe(
        'Previous stages: path, digest of their run.lock, its content without patches and manifests, and their own prevs',
      ),
  })
  .describe('A run.lock: what is needed to reproduce a run, as YAML');
