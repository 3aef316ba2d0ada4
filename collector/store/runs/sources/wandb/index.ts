import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type MetricsRecord, noPoints } from '../../../../formats/metrics/record.ts';
import type { RunSource } from '../../../../runs/evidence.ts';
import { readMetricsFile } from '../../read-metrics.ts';
import { wandbEvidence } from './evidence.ts';
import { readLog } from './read-log.ts';
import { isWandbFolder, savedFiles, type WandbFiles, wandbFiles } from './run-folder.ts';

/** wandb/run-…: the folder that W&B makes for a run, on its way to a server or offline, and its log, run-<id>.wandb. */
export const wandbSource: RunSource = {
  name: 'wandb',
  claims: (path) => path.endsWith('.wandb'),
  claimsFolder: isWandbFolder,
  filesOf(root, path) {
    const files = wandbFiles(root, path);
    const { log, config, summary, metadata, history } = files;
    return {
      read: [...(log === undefined ? [] : [log]), config, summary, metadata, history],
      sized: savedFiles(root, files),
    };
  },
  ofFileAlone: true,
  async read(path, { root, report }) {
    const files = wandbFiles(root, path);
    const log = files.log === undefined ? undefined : readLog(root, files.log, report);
    const metrics = await metricsOf(root, files, log?.metrics, report);
    return wandbEvidence(root, path, { files, log, metrics }, report);
  },
  async values(path, _key, root) {
    const files = wandbFiles(root, path);
    const log = files.log === undefined ? undefined : readLog(root, files.log, () => undefined);
    return metricsOf(root, files, log?.metrics, () => undefined);
  },
};

/** Points of the log; the first versions of W&B wrote them as lines of JSON. */
async function metricsOf(
  root: string,
  { history }: WandbFiles,
  logged: MetricsRecord | undefined,
  report: Parameters<typeof readMetricsFile>[2],
): Promise<MetricsRecord> {
  if (logged !== undefined && logged.series.size > 0) return logged;
  return existsSync(join(root, history)) ? readMetricsFile(root, history, report) : (logged ?? noPoints());
}
