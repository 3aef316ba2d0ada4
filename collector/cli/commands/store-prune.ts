import { DaybookError } from '../../base/errors.ts';
import { formatBytes } from '../../base/format/number.ts';
import { formatTime } from '../../base/format/time.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { parseDuration } from '../../formats/schedule/duration.ts';
import type { RetentionPolicy } from '../../formats/versions/retention.ts';
import { storeTime } from '../../formats/versions/version.ts';
import type { PruneEntry, PruneResult } from '../../operations/versions/prune.ts';
import type { CommandContext } from '../context.ts';
import { withStore } from '../store-options.ts';
import { formatColumns } from '../text/columns.ts';

const maxShown = 40;

/** `daybook store prune`: versions or snapshots that the rules do not keep go. */
export async function run(context: CommandContext<'store prune'>): Promise<undefined> {
  const { out } = context;
  const given = policyOf(context);
  const dryRun = context.options['dry-run'];
  const isPeriodic = context.options.periodic;
  const result = await withStore(context, (versions, config) => {
    const policy = Object.keys(given).length > 0 ? given : config.retention;
    return isPeriodic ? versions.prunePeriodic(policy, { dryRun }) : versions.prune(policy, { dryRun });
  });
  if (context.json) {
    const { removed, kept, ...rest } = result;
    return out.printJson({ ...rest, removed: removed.map(listed), kept: kept.map(listed) });
  }
  return context.quiet ? undefined : printPrune(context, result, isPeriodic ? 'snapshot' : 'version');
}

function policyOf(context: CommandContext<'store prune'>): RetentionPolicy {
  const [count, age] = [context.options.count, context.options.age];
  const ageMs = age === undefined ? undefined : parseDuration(age);
  if (age !== undefined && ageMs === undefined)
    throw new DaybookError(
      'usage',
      `Expected --age as a duration such as "90d" or "12 hours", found "${visibleText(age)}".`,
    );
  return {
    ...(count === undefined ? {} : { count }),
    ...(ageMs === undefined ? {} : { ageMs }),
    ...(context.options.thin ? { thin: true } : {}),
  };
}

function printPrune({ out }: CommandContext<'store prune'>, result: PruneResult, what: string): undefined {
  const { faint, good, strong } = out.palette;
  const { removed, kept, dry_run: isDry, rebased } = result;
  const rows = removed
    .slice(0, maxShown)
    .map((each) => [visibleText(each.id), formatTime(each.created_us), formatBytes(each.bytes), each.reason]);
  for (const line of formatColumns(
    rows,
    [{}, { paint: faint }, { right: true }, { paint: faint }],
    out.width,
  ))
    out.print(`  ${line}`);
  if (removed.length > maxShown)
    out.print(faint(`  … and ${removed.length - maxShown} more; --json has all`));
  const bytes = formatBytes(removed.reduce((sum, each) => sum + each.bytes, 0));
  const tagged = kept.filter((each) => each.reason === 'tagged').length;
  const stay = `${plural(kept.length, what)} stay${kept.length === 1 ? 's' : ''}${tagged > 0 ? `, ${tagged} of them tagged` : ''}`;
  const verb = isDry ? strong('would delete') : good('deleted');
  out.print(`${verb} ${plural(removed.length, what)} ${faint(`(${bytes})`)}; ${stay}`);
  if (rebased.length > 0) out.note(`${plural(rebased.length, 'version')} that led on from them stored again`);
  for (const each of kept.filter(({ reason }) => reason.includes('cannot be read')))
    out.note(`${visibleText(each.id)} stays: ${each.reason}`);
  return undefined;
}

function listed({ id, created_us: us, bytes, reason }: PruneEntry) {
  return { id, created_at: us === 0 ? null : storeTime(us), bytes, reason };
}
