import { DaybookError } from '../../base/errors.ts';
import { formatBytes } from '../../base/format/number.ts';
import { formatTime } from '../../base/format/time.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { visibleText } from '../../base/terminal.ts';
import { displayStatusOf } from '../../formats/actions/status.ts';
import type { ExperimentRecord } from '../../formats/experiments/experiment.ts';
import { findExperiment, listExperiments } from '../../operations/experiments/find-experiment.ts';
import { summarizeExperiment } from '../../operations/experiments/summarize-experiment.ts';
import { readExperiment } from '../../store/experiments/read-experiment.ts';
import { bookRootOf, type CommandContext, type World } from '../context.ts';
import { formatColumns } from '../text/columns.ts';
import { artifactJson, experimentJson } from '../text/experiment.ts';
import { formatTree } from '../text/tree.ts';
import { formatStatus, paintStatus } from '../text/values.ts';

/** `daybook experiment show`: one whole, or all of them listed. */
export async function show(context: CommandContext<'experiment show'>): Promise<undefined> {
  const [name] = context.arguments;
  if (name === undefined) return listAll(await listExperiments(bookRootOf(context)), context);
  return print(experimentJson(await readNamed(context, name)), context);
}

/** `daybook experiment summary`. */
export async function summary(context: CommandContext<'experiment summary'>): Promise<undefined> {
  return print(summarizeExperiment(await readNamed(context, context.arguments[0])), context);
}

/** `daybook experiment artifacts`. */
export async function artifacts(context: CommandContext<'experiment artifacts'>): Promise<undefined> {
  return printArtifacts(await readNamed(context, context.arguments[0]), context);
}

function print(shown: JsonObject, { json, out }: World): undefined {
  if (json) return out.printJson(shown);
  for (const line of formatTree(shown, out.palette, out.width ?? 100)) out.print(line);
  return undefined;
}

async function readNamed(world: World, name: string): Promise<ExperimentRecord> {
  const root = bookRootOf(world);
  return readWhole(root, await findExperiment(root, name, world.cwd));
}

function readWhole(root: string, file: string): ExperimentRecord {
  let why = 'something else';
  const record = readExperiment(root, file, ({ found }) => {
    why = found;
  });
  if (record !== undefined) return record;
  throw new DaybookError('unreadable', `Expected an experiment in ${file}, found ${why}.`, {
    where: file,
    hint: 'Run daybook doctor to see what is wrong with it.',
  });
}

function listAll(records: ExperimentRecord[], { out, json }: World): undefined {
  const timeOf = ({ startedAtUs, createdAtUs }: ExperimentRecord) => startedAtUs ?? createdAtUs ?? 0;
  const sorted = records.sort((a, b) => timeOf(b) - timeOf(a));
  if (json) return out.printJson(sorted.map(experimentJson));
  if (sorted.length === 0) out.note('This book has no experiments.');
  const rows = sorted.map((record) => [
    formatTime(record.startedAtUs ?? record.createdAtUs),
    formatStatus(displayStatusOf(record.statusWord)),
    visibleText(record.id),
    visibleText(record.tags.join(', ')),
  ]);
  const { palette } = out;
  const columns = [
    { paint: palette.faint },
    { paint: (text: string, row: number) => paintStatus(sorted[row]!.status, palette)(text) },
    {},
    { paint: palette.faint, flexible: true },
  ];
  for (const line of formatColumns(rows, columns, out.width)) out.print(line);
  return undefined;
}

function printArtifacts(
  record: ExperimentRecord,
  context: CommandContext<'experiment artifacts'>,
): undefined {
  const { out } = context;
  const type = context.options.type;
  const chosen = record.artifacts.filter((each) => type === undefined || each.type === type).toReversed();
  if (context.json) return out.printJson(chosen.map(artifactJson));
  if (chosen.length === 0)
    out.note(type === undefined ? 'No artifacts.' : `No artifacts of type ${visibleText(type)}.`);
  const rows = chosen.map(({ id, type: each, path, bytes, tags, description }) => [
    visibleText(id),
    visibleText(each),
    visibleText(path ?? ''),
    bytes === undefined ? '' : formatBytes(bytes),
    visibleText([tags.length > 0 ? `[${tags.join(', ')}]` : '', description ?? ''].join(' ').trim()),
  ]);
  const columns = [{}, {}, {}, { right: true }, { flexible: true, paint: out.palette.faint }];
  for (const line of formatColumns(rows, columns, out.width)) out.print(line);
  return undefined;
}
