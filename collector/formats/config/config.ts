import type { Finding } from '../findings/finding.ts';
import { type BookConfig, defaultConfig } from './defaults.ts';

export type { AlertChannel } from './alerts.ts';
export {
  type BookConfig,
  type DirtyRule,
  type Durability,
  defaultConfig,
  type ProbeAs,
  type ProbeConfig,
  type Redaction,
} from './defaults.ts';

/**
 * Reads daybook.yaml. Never fails: what is not understood becomes a finding with its line, and the rest is used.
 * The YAML and schema libraries are loaded here and only here, when there is something to read.
 */
export async function parseConfig(
  text: string,
  file: string,
): Promise<{ config: BookConfig; findings: Finding[] }> {
  if (text.trim() === '') return { config: defaultConfig(), findings: [] };
  const { readConfigText } = await import('./reading.ts');
  return readConfigText(text, file);
}
