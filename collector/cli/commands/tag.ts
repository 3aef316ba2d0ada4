import { DaybookError } from '../../base/errors.ts';
import { formatTime } from '../../base/format/time.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { isoMicros } from '../../base/time.ts';
import { readTags, tagRun, untagRun } from '../../operations/tags/tag-run.ts';
import type { ReceiptTag } from '../../store/receipts/receipt-tags.ts';
import { bookRootOf, type CommandContext, type World } from '../context.ts';
import { formatColumns } from '../text/columns.ts';

/** `daybook tag`: names of runs. */
export async function run(context: CommandContext<'tag'>): Promise<undefined> {
  const { out } = context;
  const root = bookRootOf(context);
  const [name, wanted] = context.arguments;
  const old = context.options.delete;
  if (old !== undefined) {
    const tag = await untagRun(root, old);
    return context.json ? out.printJson(shown(tag)) : out.print(`deleted ${visibleText(old)}`);
  }
  if (name === undefined) return list(context, await readTags(root));
  if (wanted === undefined || name === '') {
    throw new DaybookError(
      'usage',
      `Expected a name and a run, found ${name === '' ? 'an empty name' : 'no run'}.`,
      {
        hint: 'For example: daybook tag paper-v1 results/train',
      },
    );
  }
  const request = {
    name,
    run: wanted,
    message: context.options.message ?? '',
    force: context.options.force,
  };
  const tagged = await tagRun(root, request, { from: context.cwd, clock: context.clock });
  if (context.json) return out.printJson(tagged);
  const kept =
    tagged.linked === 0 ? 'no code recorded, HEAD linked' : `${plural(tagged.linked, 'commit')} kept`;
  out.print(
    `${out.palette.good('tagged')} ${visibleText(tagged.run)} as ${visibleText(name)} ${out.palette.faint(kept)}`,
  );
  if (tagged.missing.length > 0) {
    const commits = tagged.missing.map((commit) => commit.slice(0, 12)).join(', ');
    out.note(`${plural(tagged.missing.length, 'commit')} of its ancestry not in this repository: ${commits}`);
  }
  return undefined;
}

function list({ out, json }: World, tags: readonly ReceiptTag[]): undefined {
  if (json) return out.printJson(tags.map(shown));
  if (tags.length === 0) out.note('No run has a tag yet: daybook tag <name> <run>.');
  const rows = tags.map(({ name, run, path, parents, setAt, message }) => [
    visibleText(name),
    formatTime(setAt * 1e6),
    visibleText(run ?? path ?? ''),
    plural(parents.length, 'commit'),
    visibleText(message.split('\n', 1)[0]!),
  ]);
  for (const line of formatColumns(rows, [{}, {}, {}, {}, {}])) out.print(line);
  return undefined;
}

function shown({ name, run, path, message, setAt, parents }: ReceiptTag) {
  return {
    name,
    run: run ?? null,
    path: path ?? null,
    message,
    set_at: isoMicros(setAt * 1e6),
    commits: parents,
  };
}
