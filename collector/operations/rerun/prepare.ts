import { join } from 'node:path';
import { makeFoldersOfThen, makeInnerBook } from '../../store/rerun/inner-book.ts';
import { layOut, type RerunSpace } from '../../store/rerun/space.ts';
import { dataPlaces, placeInputs, type RerunInputs } from './inputs.ts';
import { outputPlaces, outputsIn } from './receipt.ts';
import type { RecordedRun } from './recorded.ts';
import { lostVariables, type RelocatedCommand, relocatedCommand } from './relocate.ts';

/** A rerun that could begin: code and data stand in a folder of their own. */
export interface PreparedRerun {
  space: RerunSpace;
  inputs: RerunInputs;
  command: RelocatedCommand;
  /** Where the book, the folder of the first run and its outputs are in that folder. */
  inner: string;
  place: string;
  outputs: Map<string, string>;
  /** Why results cannot prove anything, as sentences. */
  doubts: string[];
  /** What is not from the record, as sentences. */
  notes: string[];
}

/** Lays out code and data of a run in an empty folder, and says what of it is not as it was. */
export async function prepareRerun(
  root: string,
  recorded: RecordedRun,
  folder: string,
  { env, progress }: { env: NodeJS.ProcessEnv; progress?: ((what: string) => void) | undefined },
): Promise<PreparedRerun> {
  const { run, origin, receipt, cwd, repos } = recorded;
  progress?.('code …');
  const named = [...outputPlaces(root, origin.receipt?.raw ?? {}).values()];
  const data = receipt === undefined ? [] : dataPlaces(root, receipt);
  const space = await layOut(root, { repos: Object.values(repos), cwd, data, outputs: named }, folder);
  const inner = space.placeOf(root)!;
  const place = space.placeOf(join(root, origin.place))!;
  const outputs = outputsIn(root, recorded, space);
  makeInnerBook(root, inner);
  makeFoldersOfThen([cwd, join(root, origin.place), ...named], run.startedAtUs ?? run.atUs, space);
  progress?.('data …');
  const ours = [inner, place, space.placeOf(cwd)!, ...outputs.values()];
  const none: RerunInputs = { same: [], changed: [] };
  const inputs = receipt === undefined ? none : await placeInputs(root, receipt, space, ours);
  const command = relocatedCommand(recorded, space, env);
  return {
    space,
    inputs,
    command,
    inner,
    place,
    outputs,
    doubts: [
      ...(run.status === 'running' ? ['The first run did not come to its end.'] : []),
      ...inputs.changed.map(({ why }) => `Data is not what it was: ${why}.`),
      ...space.missing.map(({ path, why }) => `Code is missing: ${path}: ${why.replace(/\.$/, '')}.`),
      ...lostVariables(recorded, env).map((name) => `The variable ${name} was masked and is not set now.`),
    ],
    notes: [...new Set([...space.notes, ...command.notes])],
  };
}
