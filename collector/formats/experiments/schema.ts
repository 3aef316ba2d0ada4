import { z } from 'zod';

/** JSON has no NaN and no infinities; they are texts where Daybook writes them. */
export const measured = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);

const text = z.string();
const time = z.string().describe('Time; "" where it has not come');
const count = z.number().int();

/** experiment_tracker.json: the keys and types of the original, which refuses a file with any other key. */
export const experimentSchema = z
  .looseObject({
    experiment_id: text.describe('Unique id'),
    experiment_name: text.describe('Name'),
    timestamp: text.describe('When it was created'),
    status: z.enum(['created', 'running', 'completed', 'failed', 'aborted']).describe('How it stands'),
    description: text.describe('Description; behind "\\nError: " what it failed with'),
    tags: z.array(z.string()).describe('Tags'),
    config_hash: text.describe('sha256 of the configuration as YAML in hex digits; "" without one'),
    config_summary: z.record(z.string(), z.json()).describe('What the original picks out of a configuration'),
    python_version: text.describe('Version of the active Python environment'),
    pytorch_version: text.describe('Version of PyTorch; Daybook leaves it empty'),
    platform: text.describe('System and architecture'),
    cuda_available: z.boolean().describe('Whether there is CUDA; Daybook does not look'),
    cuda_version: text.describe('Version of CUDA; Daybook leaves it empty'),
    total_epochs: count.describe('How many epochs there shall be'),
    current_epoch: count.describe('Which one it is'),
    best_metrics: z.record(z.string(), measured).describe('Best value of each metric'),
    training_time_seconds: z.number().describe('How long it has trained'),
    artifact_ids: z.array(z.string()).describe('Ids of all artifacts'),
    checkpoint_paths: z.array(z.string()).describe('Paths of the artifacts of type checkpoint'),
    metric_files: z.array(z.string()).describe('Paths of the artifacts of type metrics'),
    visualization_files: z.array(z.string()).describe('Paths of the artifacts of type visualization'),
    git_commit: text.describe('HEAD'),
    git_branch: text.describe('Branch'),
    git_dirty: z.boolean().describe('Whether tracked files differed from HEAD'),
    hostname: text.describe('Name of the machine'),
    username: text.describe('Name of the user'),
    memory_gb: z.number().describe('Memory of the machine in GiB'),
    gpu_info: z.record(z.string(), z.json()).describe('Graphics cards; Daybook leaves it empty'),
    created_at: time,
    started_at: time,
    completed_at: time,
    updated_at: time,
  })
  .describe('experiment_tracker.json: an experiment as its original has it');

const artifact = z
  .strictObject({
    id: text.describe('Unique in the experiment'),
    type: text.describe('checkpoint, metrics, visualization, or any other word'),
    path: text.nullable().describe('Relative to the book; absolute outside of it; or an address'),
    description: text.describe('What it is'),
    tags: z.array(z.string()).describe('Tags'),
    bytes: count.nullable().describe('Size; null for an address'),
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/)
      .nullable()
      .describe('As in receipts; null for an address'),
    added_at: text.describe('When it was attached'),
  })
  .describe('One artifact');

/** experiment_daybook.json: what the original has no place for. */
export const experimentBesideSchema = z
  .looseObject({
    config: z
      .record(z.string(), z.json())
      .optional()
      .describe('The whole configuration, interpolations resolved'),
    config_texts: z
      .record(z.string(), text)
      .optional()
      .describe('How values were written that held interpolations, by their place ("data.paths[0]")'),
    status_history: z
      .array(z.tuple([z.string().describe('Time'), z.string().describe('Status')]))
      .optional()
      .describe('Every change of status as [time, status], oldest first'),
    error: text.optional().describe('What it failed with or why it was given up, secrets masked'),
    directions: z
      .record(z.string(), z.enum(['max', 'min']))
      .optional()
      .describe('What is better, by metric'),
    artifacts: z.array(artifact).optional().describe('All artifacts, oldest first'),
    run: text.optional().describe('Key of the run elsewhere that this is part of'),
    earlier: z
      .array(z.looseObject({ until: text.describe('When it was begun again') }))
      .optional()
      .describe(
        'What earlier starts said and a later one says otherwise: name, description, epochs, config, run',
      ),
    source: z
      .strictObject({
        host: text.describe('Name of the machine'),
        pid: count.optional().describe('Process that runs it'),
        start: text.optional().describe('When that process began, in the words of the machine'),
        beats: z.literal(true).optional().describe('It gives a sign of life every minute: `updated_at`'),
      })
      .optional()
      .describe('Who runs it'),
  })
  .describe('experiment_daybook.json: what the original has no place for, beside experiment_tracker.json');

/** One line of metrics.jsonl as Daybook writes it. */
export const metricsLineSchema = z
  .object({
    step: z.number().optional().describe('Step; the position in the file where no step is given'),
    epoch: z.number().optional().describe('Epoch'),
    time: text.describe('When it was measured, UTC with microseconds'),
    _id: text.describe('Unique id of the line'),
    _crc: z
      .string()
      .regex(/^[0-9a-f]{8}$/)
      .describe('CRC-32 of all bytes of the line before `,"_crc"`; always the last field'),
  })
  .catchall(measured.describe('Value of a metric'))
  .describe('One line of metrics.jsonl: one point of the history of metrics');
