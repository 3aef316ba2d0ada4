import { z } from 'zod';

const section = z.record(z.string(), z.json());

/** One periodic snapshot as Daybook writes it; further sections come from probes of the user. */
export const periodicSnapshotSchema = z
  .object({
    snapshot_id: z
      .string()
      .regex(/^periodic_\d{8}_\d{6}(_\d+)?$/)
      .describe(
        'The name of the file without its ending: periodic_, UTC date and time, a number if the second was taken',
      ),
    snapshot_type: z.literal('periodic').describe('Always "periodic"'),
    timestamp: z.string().describe('When the snapshot was taken, UTC with microseconds'),
    interval: z.string().describe('How often snapshots are expected, e.g. 30_minutes'),
    system_state: section.describe('The machine and the health derived from the snapshot, with its reasons'),
    build_state: z.json().optional().describe('From build_manifest.yaml'),
    rail_status: z.json().optional().describe('From build_manifest.yaml: name -> status'),
    active_processes: z.json().optional().describe('The process table: count and the largest'),
    workflows: z
      .json()
      .optional()
      .describe('Workflows found under .github/workflows: active, completed, scheduled'),
    cognitive_state: z.json().optional().describe('From memory-bundles/protocols/registry.json'),
    task_progress: z.json().optional().describe('From memory-bundles/outcome-relay.md'),
    git: z.json().optional().describe('Branch, head, distance to the upstream, changed files'),
    runs: z
      .json()
      .optional()
      .describe('Runs: how many, by status, how many of the running ones are stale, the newest that ended'),
    metadata: section.describe('Which program took the snapshot'),
  })
  .catchall(z.json())
  .describe(
    'snapshots/periodic_YYYYMMDD_HHMMSS.json: the state of the system at one instant, one section per probe',
  );
