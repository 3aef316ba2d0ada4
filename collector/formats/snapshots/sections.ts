/** The sections that every snapshot may have by itself, in their order, and what they hold; probes of the user have other names. */
export const builtInSections = {
  system_state: 'The machine and the health derived from the snapshot, with its reasons',
  build_state: 'From build_manifest.yaml',
  rail_status: 'From build_manifest.yaml: name -> status',
  active_processes: 'The process table: count and the largest',
  workflows: 'Workflows found under .github/workflows: active, completed, scheduled',
  cognitive_state: 'From memory-bundles/protocols/registry.json',
  task_progress: 'From memory-bundles/outcome-relay.md',
  git: 'Branch, head, distance to the upstream, changed files',
  runs: 'Runs: how many, by status, how many of the running ones are stale, the newest that ended',
} as const;

/** The name of a section that every snapshot may have by itself. */
export type BuiltInSection = keyof typeof builtInSections;

/** What stands beside the sections. */
export const headFields = ['snapshot_id', 'snapshot_type', 'timestamp', 'interval'] as const;
