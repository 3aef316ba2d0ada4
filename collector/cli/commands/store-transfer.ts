import { resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import type { BookVersions } from '../../operations/versions/book-versions.ts';
import type { ImportedVersion } from '../../operations/versions/import.ts';
import type { CommandContext, World } from '../context.ts';
import { withStore } from '../store-options.ts';

/** `daybook store export <version …> --out <file>`; exit code 4 where some could not be read. */
export async function run(context: CommandContext<'store export'>): Promise<number> {
  const { out } = context;
  const file = context.options.out;
  if (file === undefined)
    throw new DaybookError('usage', 'store export needs --out <file>.', {
      hint: 'For example: daybook store export --all --out versions.tar.gz',
    });
  const path = resolve(context.cwd, file);
  const options = {
    force: context.options.force,
    all: context.options.all,
    skipUnreadable: context.options.tag !== undefined,
  };
  const result = await withStore(context, async (versions) =>
    versions.export(await wanted(context, versions), path, options),
  );
  const exitCode = result.unreadable.length > 0 ? 4 : 0;
  if (context.json) {
    out.printJson(result);
    return exitCode;
  }
  if (!context.quiet)
    out.print(
      `${out.palette.good('exported')} ${plural(result.versions.length, 'version')} to ${visibleText(file)}`,
    );
  for (const { version, reason } of result.unreadable)
    out.print(`${out.palette.bad('not exported')} ${visibleText(version)}: ${visibleText(reason)}`);
  return exitCode;
}

/** `daybook store import <file>`; exit code 4 where some were not taken. */
export async function runImport(context: CommandContext<'store import'>): Promise<number> {
  const { out } = context;
  const path = resolve(context.cwd, context.arguments[0]);
  const version = context.options.name;
  const outcomes = await withStore(context, (versions) =>
    versions.import(path, {
      rename: context.options.rename,
      unverified: context.options.unverified,
      ...(version === undefined ? {} : { version }),
    }),
  );
  if (context.json) out.printJson(outcomes);
  else printOutcomes(context, outcomes);
  return outcomes.some((each) => each.state === 'conflict' || each.state === 'refused') ? 4 : 0;
}

async function wanted(context: CommandContext<'store export'>, versions: BookVersions): Promise<string[]> {
  const tag = context.options.tag;
  const names = [...context.arguments];
  if (tag !== undefined) names.push(...(await versions.list({ tag })).map((each) => each.version));
  return names;
}

function printOutcomes({ out, quiet }: World, outcomes: readonly ImportedVersion[]): void {
  const { good, faint, bad, warning } = out.palette;
  for (const { source, version, state, reason } of outcomes) {
    const name = visibleText(source);
    const renamed = version === null || version === source ? '' : ` as ${visibleText(version)}`;
    if (state === 'imported' && !quiet) out.print(`${good('imported')} ${name}${renamed}`);
    else if (state === 'identical' && !quiet)
      out.print(`${faint('skipped')} ${name} ${faint('is here already, with the same content')}`);
    else if (state === 'conflict')
      out.print(
        `${warning('conflict')} ${name}: ${visibleText(reason ?? '')}; --rename takes it under another name`,
      );
    else if (state === 'refused') out.print(`${bad('refused')} ${name}: ${visibleText(reason ?? '')}`);
  }
}
