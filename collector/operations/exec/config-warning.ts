import { showText } from '../../base/show.ts';
import { configPath } from '../../store/layout.ts';
import { readRecordedIfAny } from '../../store/recorded-file.ts';

/**
 * What is wrong with the daybook.yaml of a book, as one sentence; undefined where nothing is. For commands that go on
 * whatever it holds. The YAML parser is only loaded for a file that says more than its title and how often.
 */
export async function configWarning(root: string): Promise<string | undefined> {
  if (isSurelyGood(root)) return undefined;
  const { readConfigFile } = await import('../../store/config-file.ts');
  const { findings } = await readConfigFile(root);
  const [first, ...more] = findings.filter(({ severity }) => severity !== 'note');
  if (first === undefined) return undefined;
  const { file, line, path, expected, found } = first;
  const place = `${line === undefined ? file : `${file}:${line}`}${path === undefined ? '' : ` ${path}`}`;
  const rest = more.length === 0 ? '' : ` and ${more.length} more like it`;
  return `${place}: expected ${expected}, found ${showText(found, 160)}${rest}. What could not be read of it is left out; daybook doctor tells all.`;
}

/** Nothing, a title, an interval, or the schedule that `daybook init` writes. */
const goodText =
  /^(?:title: (?!(?:true|false|null)\n)[A-Za-z][\w .-]*\n)?(?:schedule: [1-9]\dm\n|schedule:\n {2}cron: '[0-5]?\d(?:,[0-5]?\d)*(?: \*){4}'\n(?: {2}tolerance: [1-9]\d?m\n)?)?$/i;

function isSurelyGood(root: string): boolean {
  try {
    const text = readRecordedIfAny(configPath(root))?.toString('utf8') ?? '';
    const lines = text.split(/\r?\n/).filter((line) => !/^\s*(?:#.*)?$/.test(line));
    return goodText.test(lines.map((line) => `${line}\n`).join(''));
  } catch {
    return false;
  }
}
