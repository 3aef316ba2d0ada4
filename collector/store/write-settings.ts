import { type BookConfig, defaultConfig, parseConfig } from '../formats/config/config.ts';
import { configPath } from './layout.ts';
import { readRecorded } from './recorded-file.ts';

/** The part of the configuration that writing an action depends on. */
export type WriteSettings = Pick<BookConfig, 'durability' | 'actionFiles' | 'redaction'>;

/**
 * The write settings of a book. The whole configuration is only parsed when its text mentions one of them:
 * recording an action must not cost the loading of a YAML parser.
 */
export async function readWriteSettings(root: string): Promise<WriteSettings> {
  const text = readConfigText(root);
  if (!/^\s*["']?(?:durability|actionFiles|redaction)["']?\s*:|^\s*[{[]|<<|[*&]\w/m.test(text)) {
    return defaultConfig();
  }
  const { config } = await parseConfig(text, 'daybook.yaml');
  return { durability: config.durability, actionFiles: config.actionFiles, redaction: config.redaction };
}

function readConfigText(root: string): string {
  try {
    return readRecorded(configPath(root)).toString('utf8');
  } catch {
    return '';
  }
}
