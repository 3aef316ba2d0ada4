import { z } from 'zod';
import { type BuiltInSection, builtInSections } from './sections.ts';

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
    ...sections(),
    metadata: section.describe('Which program took the snapshot'),
  })
  .catchall(z.json())
  .describe(
    'snapshots/periodic_YYYYMMDD_HHMMSS.json: the state of the system at one instant, one section per probe',
  );

/** All built-in sections; only the state of the system is in every snapshot. */
function sections() {
  const { system_state: state, ...others } = builtInSections;
  const optional = Object.entries(others).map(
    ([name, meaning]) => [name, z.json().optional().describe(meaning)] as const,
  );
  return {
    system_state: section.describe(state),
    ...(Object.fromEntries(optional) as Record<
      Exclude<BuiltInSection, 'system_state'>,
      z.ZodOptional<z.ZodJSONSchema>
    >),
  };
}
