import { resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { nearest } from '../../base/nearest.ts';
import { showText } from '../../base/show.ts';
import { visibleText } from '../../base/terminal.ts';
import { daybookBuild } from '../../base/version.ts';
import { type ExportFormat, exportView } from '../../operations/query/export.ts';
import { type ViewName, viewNames } from '../../operations/query/views.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { parseSince } from '../since.ts';
import { exportAs } from './export-as.ts';
import { interrupted } from './query.ts';

/** `daybook export`: the records of a view, or documents of a standard, as a file or printed. */
export async function run(context: CommandContext<'export'>): Promise<undefined> {
  const { out, options, clock, cwd, json } = context;
  if (options.as !== undefined) return exportAs(context, options.as);
  const view = viewOf(context.arguments[0]);
  const { output, plain } = options;
  const format = options.format ?? formatOf(output);
  if (format === 'parquet' && output === undefined) {
    throw new DaybookError('usage', 'Expected --output with Parquet, which is no text.', {
      hint: `For example: daybook export ${view} --output ${view}.parquet`,
    });
  }
  const root = bookRootOf(context);
  const sinceUs = parseSince(options.since, clock.nowUs());
  const signal = context.interruptSignal();
  const path = output === undefined ? undefined : resolve(cwd, output);
  const write = (text: string) => out.print(text.replace(/\r?\n$/, ''));
  const asked = { root, sinceUs, signal, build: daybookBuild, view, format, path, write, plain };
  const rows = await exportView(asked).catch((error) => {
    throw signal.aborted ? interrupted(error) : error;
  });
  if (output === undefined) return undefined;
  if (json) return out.printJson({ view, format, output: path, rows });
  out.note(`${plural(rows, 'row')} of ${view} in ${visibleText(output)}`);
  return undefined;
}

function viewOf(name: string): ViewName {
  const view = viewNames.find((each) => each === name);
  if (view !== undefined) return view;
  const near = nearest(name, viewNames);
  throw new DaybookError('usage', `Expected one of ${viewNames.join(', ')}, found "${showText(name)}".`, {
    hint: near === undefined ? 'docs/query.md says what each of them holds.' : `Did you mean ${near}?`,
  });
}

function formatOf(output: string | undefined): ExportFormat {
  if (output?.endsWith('.parquet')) return 'parquet';
  return output?.endsWith('.csv') ? 'csv' : 'jsonl';
}
