import { DaybookError } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { parseDuration } from '../../formats/schedule/duration.ts';
import { clearRefs } from '../../operations/tags/clear-refs.ts';
import { bookRootOf, type CommandContext } from '../context.ts';

/** `daybook gc`: refs of shadow commits that nothing names. */
export async function run(context: CommandContext<'gc'>): Promise<undefined> {
  const { out, options } = context;
  const remove = options.force;
  const request = { remove, untagged: options.untagged, minAgeMs: ageOf(context) };
  const { removed, kept } = await clearRefs(bookRootOf(context), request, context.clock);
  if (context.json) {
    return out.printJson({
      removed: removed.map(({ ref, commit }) => ({ ref, commit })),
      kept,
      done: remove,
    });
  }
  for (const { ref } of removed) out.print(`${remove ? 'removed' : 'would remove'} ${ref}`);
  const reasons = [
    [kept.tagged, 'tagged or an ancestor of a tagged run'],
    [kept.named, 'named by a receipt'],
    [kept.young, 'young'],
  ] as const;
  const why = reasons.filter(([many]) => many > 0).map(([many, what]) => `${many} ${what}`);
  out.note(
    `${plural(removed.length, 'ref')} ${remove ? 'removed' : 'to remove'}; kept: ${why.join(', ') || 'none'}`,
  );
  if (!remove && removed.length > 0) out.note('Nothing was changed; --force removes them.');
  return undefined;
}

function ageOf(context: CommandContext<'gc'>): number {
  const given = context.options.age ?? '1 day';
  const ms = given === '0' ? 0 : parseDuration(given);
  if (ms !== undefined) return ms;
  throw new DaybookError('usage', `Expected --age with a duration such as "7 days", found "${given}".`);
}
