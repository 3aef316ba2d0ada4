import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { DaybookError } from '../../base/errors.ts';
import { formatBytes } from '../../base/format/number.ts';
import { jsonText } from '../../base/json/text.ts';
import { visibleBlock, visibleJson, visibleText } from '../../base/terminal.ts';
import type { ReadVersion } from '../../store/versions/read-version.ts';
import type { CommandContext } from '../context.ts';
import { withStore } from '../store-options.ts';

/** `daybook store get <version>`: the data of a version. */
export async function run(context: CommandContext<'store get'>): Promise<undefined> {
  const [version, tag] = [context.arguments[0], context.options.tag];
  const all = context.options.all;
  if ((version === undefined) === (tag === undefined))
    throw new DaybookError('usage', 'Expected either a version or --tag.', {
      hint: 'For example: daybook store get latest',
    });
  if (all && (tag === undefined || !context.json))
    throw new DaybookError('usage', 'Expected --all together with --tag and --json.');
  const options = { unverified: context.options.unverified };
  return withStore(context, async (versions) => {
    if (all) return context.out.printJson(await versions.allByTag(tag!, options));
    if (tag !== undefined) return printVersion(context, await versions.byTag(tag, options));
    const isNewest = version === 'latest';
    return printVersion(
      context,
      isNewest ? await versions.latest(options) : await versions.get(version!, options),
    );
  });
}

/** `daybook store latest`: the data of the newest version. */
export async function runLatest(context: CommandContext<'store latest'>): Promise<undefined> {
  const options = { unverified: context.options.unverified };
  return withStore(context, async (versions) => printVersion(context, await versions.latest(options)));
}

function printVersion(
  context: CommandContext<'store get'> | CommandContext<'store latest'>,
  { data, metadata }: ReadVersion,
): undefined {
  const { out } = context;
  const file = context.options.out;
  if (file !== undefined) writeOut(resolve(context.cwd, file), file, data);
  if (context.json) return out.printJson({ data, metadata });
  const tags = metadata.tags.length === 0 ? '' : `, ${metadata.tags.map(visibleText).join(', ')}`;
  const about = `${visibleText(metadata.version)}  ${metadata.created_at}, ${formatBytes(metadata.size_bytes)}${tags}`;
  if (file !== undefined)
    return out.print(`${out.palette.good('written')} ${visibleText(file)} ${out.palette.faint(about)}`);
  out.note(out.errorPalette.faint(about));
  if (typeof data !== 'string') return out.print(visibleJson(data));
  // Into a file or a pipe a text goes as it is, on a terminal without what would steer it.
  const text = data.endsWith('\n') ? data.slice(0, -1) : data;
  return out.print(out.width === undefined ? text : visibleBlock(text));
}

function writeOut(path: string, file: string, data: ReadVersion['data']): void {
  if (existsSync(path))
    throw new DaybookError('exists', `There is a file at ${file} already.`, {
      where: file,
      hint: 'Move it away, or choose another name.',
    });
  writeFileAtomic(path, typeof data === 'string' ? data : `${jsonText(data, 2)}\n`);
}
