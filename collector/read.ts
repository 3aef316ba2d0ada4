/**
 * The read side of Daybook: everything a page or a report needs, nothing that writes.
 * src/data/reader.ts is the only file of the site that imports it.
 */
export { type Difference, differences } from './base/difference/difference.ts';
export { findBookRoot } from './base/paths.ts';
export { compactTime, isoMicros, parseTime } from './base/time.ts';
export { daybookBuild, daybookVersion } from './base/version.ts';
export { type ActionRecord, type ActionSource, isBlobReference } from './formats/actions/action.ts';
export { type DisplayStatus, displayStatuses, displayStatusOf, isFinal } from './formats/actions/status.ts';
export type { BookConfig } from './formats/config/config.ts';
export { type Finding, findingMeanings } from './formats/findings/finding.ts';
export { jsonSchemas } from './formats/json-schema.ts';
export type { MetricSeries } from './formats/metrics/series.ts';
export { coverage } from './formats/schedule/coverage.ts';
export { type Health, type SnapshotRecord, sectionsOf } from './formats/snapshots/periodic.ts';
export { baseOf, createdUs, type VersionMetadata } from './formats/versions/version.ts';
export type { RunArtifact, RunParent, RunRecord, RunSummary, Scalar, Staleness } from './runs/record.ts';
export { checkLatest } from './store/audit.ts';
export { resolveDetails } from './store/blobs.ts';
export { readConfigFile } from './store/config-file.ts';
export { followActions } from './store/follow-actions.ts';
export { type GrowingSum, grewFrom } from './store/growing-sum.ts';
export { listLogSegments, listSnapshotNames } from './store/layout.ts';
export { listLeftovers } from './store/leftovers.ts';
export { type LineAt, LinesAt, LogChanged } from './store/lines-at.ts';
export { type LogPlace, type LogTotals, readActions } from './store/log-reader.ts';
export { lookThrough } from './store/log-sums.ts';
export { newestActions } from './store/newest-actions.ts';
export { type KnownFile, type PassedSnapshot, passPeriodic } from './store/periodic-pass.ts';
export { listPeriodic, readPeriodic } from './store/periodic-store.ts';
export { withPruned } from './store/pruned-snapshots.ts';
export { codeDifference, codePatch, commitsBetween } from './store/receipts/code-difference.ts';
export { readReceipt } from './store/receipts/receipt-files.ts';
export { verifyReceipt } from './store/receipts/verify-receipt.ts';
export { openVerifySession } from './store/receipts/verify-session.ts';
export { originOf, titleOf } from './store/repository-address.ts';
export { filesByKind, seriesFiles } from './store/runs/files-of-runs.ts';
export { type FoundRunFiles, findRunFiles, type RunFiles } from './store/runs/find-run-files.ts';
export { readRuns } from './store/runs/read-runs.ts';
export { ReadMetrics, readSeries } from './store/runs/read-series.ts';
export { recordedEnds } from './store/runs/sources/action.ts';
export { type SignsOfLife, staleNow } from './store/runs/stale-runs.ts';
export { readRollups } from './store/segments/read-rollups.ts';
export { auditVersions } from './store/versions/audit-versions.ts';
export { openVersionReader, type StoreFile, type VersionReader } from './store/versions/version-reader.ts';
