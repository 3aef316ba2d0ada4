import type { JsonObject } from '../../collector/base/json/json.ts';

/** The content of the n-th periodic snapshot of a sample: some sections change, some stay. */
export function sampleContent(n: number, atUs: number): JsonObject {
  const timestamp = new Date(atUs / 1000).toISOString();
  return {
    snapshot_id: `periodic_${n}`,
    snapshot_type: 'periodic',
    timestamp,
    interval: '30_minutes',
    system_state: {
      timestamp,
      health: 'operational',
      uptime_seconds: 86_400 + n * 1800,
      load: [0.42, 0.38, 0.31],
      memory: { total_bytes: 16_500_000_000, free_bytes: 7_900_000_000 - n * 13_000_000 },
      disk: { free_bytes: 81_200_000_000 - n * 17_000_000, path: '/' },
      host: 'runner-7',
    },
    build_state: {
      build_signature: 'BNDL-V2',
      modules: [
        'prediction_methodologies',
        'deployment_integrity',
        'search_engine',
        'dashboard',
        'manifest_rail',
        ...(n % 5 === 4 ? ['shrm_reasoning_core'] : []),
      ],
      provenance_hash: '123e4567-e89b-12d3-a456-426614174000',
    },
    rail_status: {
      ingestion: 'active',
      deployment: n % 7 === 3 ? 'degraded' : 'stable',
      dashboard: 'publishing',
    },
    active_processes: {
      count: 2,
      processes: [
        { pid: 22817, name: 'node', cpu: 12.4 },
        { pid: 22818, name: 'python3', cpu: 3.1 },
      ],
    },
    workflows: { active: [], completed: [], scheduled: [] },
    git: {
      branch: 'main',
      head: `${(0x9e07d31 + n).toString(16)}aa2f4d8f9b7b30b6a1ad0b0d3a0e4f112`,
      ahead: 0,
      behind: n % 3,
      dirty: [],
    },
    cognitive_state: { error: 'memory-bundles/protocols/registry.json: no such file' },
    metadata: { generated_by: 'daybook', version: '0.1.0' },
  };
}
