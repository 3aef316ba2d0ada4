import type { JsonObject } from '../../base/json/json.ts';
import type { ExperimentRecord } from '../../formats/experiments/experiment.ts';
import { jsonNumber } from '../../runs/json.ts';

/** The summary of an experiment: the original's keys, then what it does not say. */
export function summarizeExperiment(record: ExperimentRecord): JsonObject {
  const { raw, artifacts } = record;
  const byType = new Map<string, number>();
  for (const { type } of artifacts) byType.set(type, (byType.get(type) ?? 0) + 1);
  return {
    experiment_id: record.id,
    experiment_name: record.name,
    status: record.statusWord,
    description: raw['description'] ?? '',
    tags: record.tags,
    created_at: raw['created_at'] ?? '',
    started_at: raw['started_at'] ?? '',
    completed_at: raw['completed_at'] ?? '',
    total_epochs: record.totalEpochs ?? 0,
    current_epoch: record.currentEpoch ?? 0,
    best_metrics: Object.fromEntries(
      Object.entries(record.best).map(([name, value]) => [name, jsonNumber(value)]),
    ),
    training_time_seconds: record.trainingTimeMs === undefined ? 0 : record.trainingTimeMs / 1000,
    artifact_count: artifacts.length,
    config_hash: raw['config_hash'] ?? '',
    error: record.error ?? null,
    artifacts_by_type: Object.fromEntries(byType),
    file: record.file,
  };
}
