import { knownAlertKeys } from './alerts.ts';
import { knownBudgetKeys } from './budgets.ts';
import { configSchema } from './schema.ts';
import { knownSiteKeys } from './site.ts';

/** The settings that may stand at a place, in the order of the documentation. */
export function knownKeys(path: readonly PropertyKey[]): string[] {
  const shape = configSchema.shape;
  if (path.length === 0) return Object.keys(shape);
  if (path[0] === 'alerts') return knownAlertKeys(path);
  if (path[0] === 'site') return knownSiteKeys(path);
  if (path[0] === 'redaction') return ['keys', 'mask', 'allow'];
  if (path[0] === 'receipts') return Object.keys(shape.receipts.unwrap().shape);
  if (path[0] === 'retention') return Object.keys(shape.retention.unwrap().shape);
  if (path[0] === 'archive') return Object.keys(shape.archive.unwrap().shape);
  if (path[0] === 'trends') return Object.keys(shape.trends.unwrap().shape);
  if (path[0] === 'budgets') return knownBudgetKeys();
  if (path[0] === 'exec') return Object.keys(shape.exec.unwrap().shape);
  if (path[0] === 'runs')
    return path[1] === 'sources' ? ['path', 'kind', 'read', 'step'] : Object.keys(shape.runs.unwrap().shape);
  if (path[0] === 'probes') return Object.keys(shape.probes.unwrap().element.shape);
  return Object.keys(shape.schedule.unwrap().options[1].shape);
}
