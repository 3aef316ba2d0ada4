import { type BookConfig, defaultConfig, parseConfig } from '../formats/config/config.ts';
import { configPath } from './layout.ts';
import { readRecordedIfAny } from './recorded-file.ts';

/**
 * What daybook.yaml says of commands that are run. It is only parsed where it mentions them: starting a command must not cost the
 * loading of a YAML parser.
 */
export async function readExecSettings(root: string): Promise<BookConfig['exec']> {
  try {
    const text = readRecordedIfAny(configPath(root))?.toString('utf8') ?? '';
    if (!/^\s*["']?exec["']?\s*:|^\s*[{[]|<<|[*&]\w/m.test(text)) return defaultConfig().exec;
    return (await parseConfig(text, 'daybook.yaml')).config.exec;
  } catch {
    return defaultConfig().exec;
  }
}
