import { formatBytes } from '../../base/format/number.ts';
import { formatTime } from '../../base/format/time.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { baseOf, createdUs, type VersionMetadata } from '../../formats/versions/version.ts';
import type { CommandContext } from '../context.ts';
import type { Output } from '../output.ts';
import { noteDamage, withStore } from '../store-options.ts';
import { formatColumns } from '../text/columns.ts';

/** `daybook store list`: versions, newest first. */
export async function run(context: CommandContext<'store list'>): Promise<undefined> {
  const findings: Finding[] = [];
  const tag = context.options.tag;
  const all = await withStore(context, (versions) =>
    versions.list({ tag, report: (finding) => findings.push(finding) }),
  );
  noteDamage(context, findings);
  const depths = depthsOf(all);
  if (context.json) return context.out.printJson(all.map((each) => listed(each, depths)));
  if (all.length === 0) return noteNoVersions(context.out);
  return printTable(all, depths, context.out);
}

/** `daybook store versions`: names alone. */
export async function runVersions(context: CommandContext<'store versions'>): Promise<undefined> {
  const names = await withStore(context, (versions) => versions.names());
  if (context.json) return context.out.printJson(names);
  for (const name of names) context.out.print(visibleText(name));
  return undefined;
}

/** `daybook store tags`: tags with counts. */
export async function runTags(context: CommandContext<'store tags'>): Promise<undefined> {
  const { out } = context;
  const tags = [...(await withStore(context, (versions) => versions.tags()))];
  if (context.json) return out.printJson(tags.map(([tag, count]) => ({ tag, count })));
  if (tags.length === 0)
    return out.print(`No tags yet. Give one: ${out.palette.strong('daybook store tag <version> <tag>')}`);
  const rows = tags.map(([tag, count]) => [visibleText(tag), plural(count, 'version')]);
  for (const line of formatColumns(rows, [{}, { paint: out.palette.faint }], out.width)) out.print(line);
  return undefined;
}

function noteNoVersions(out: Output): undefined {
  return out.print(`No versions yet. Save the first one: ${out.palette.strong('daybook store save <file>')}`);
}

function printTable(
  all: readonly VersionMetadata[],
  depths: ReadonlyMap<string, number>,
  out: Output,
): undefined {
  const { faint } = out.palette;
  const rows = all.map((each) => [
    visibleText(each.version),
    createdUs(each) === 0 ? 'no time' : formatTime(createdUs(each)),
    formatBytes(each.size_bytes),
    baseOf(each) === undefined ? 'whole' : `delta ${depths.get(each.version)}`,
    each.tags.map(visibleText).join(', '),
    visibleText(each.description),
  ]);
  out.print(faint('times in UTC, newest first'));
  const columns = [
    {},
    { paint: faint },
    { right: true },
    { paint: faint },
    {},
    { flexible: true, paint: faint },
  ];
  for (const line of formatColumns(rows, columns, out.width)) out.print(line);
  return undefined;
}

function listed(metadata: VersionMetadata, depths: ReadonlyMap<string, number>) {
  const base = baseOf(metadata);
  const { chain: _, ...rest } = metadata;
  return {
    ...rest,
    form: base === undefined ? 'full' : 'delta',
    base: base ?? null,
    chain_length: depths.get(metadata.version),
  };
}

/** How many versions each chain has up to this one. */
function depthsOf(all: readonly VersionMetadata[]): Map<string, number> {
  const byName = new Map(all.map((each) => [each.version, each]));
  const depths = new Map<string, number>();
  for (const start of all) {
    let depth = 1;
    const seen = new Set([start.version]);
    for (let base = baseOf(start); base !== undefined && !seen.has(base); depth += 1) {
      seen.add(base);
      const below = byName.get(base);
      base = below === undefined ? undefined : baseOf(below);
    }
    depths.set(start.version, depth);
  }
  return depths;
}
