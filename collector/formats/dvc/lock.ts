import { numberIn } from '../../base/json/exact-number.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { showText } from '../../base/show.ts';
import type { Finding } from '../findings/finding.ts';

/** A file or folder that a stage read or wrote, as dvc.lock knows it. */
export interface LockedFile {
  /** As written: relative to the folder of dvc.lock. */
  path: string;
  /** "md5:…", or what else DVC knows its content by; undefined where it knows nothing. */
  digest: string | undefined;
  bytes: number | undefined;
}

/** A stage of a pipeline, as it was run last. */
export interface LockedStage {
  name: string;
  command: string | undefined;
  deps: LockedFile[];
  outs: LockedFile[];
  /** By the file that they stand in: { "params.yaml": { "train.seed": 1 } }. */
  params: JsonObject;
}

/** The stages in a dvc.lock, of schema 2 (below "stages") and of DVC 1 (in the file itself). What is no stage is reported. */
export function lockedStages(
  lock: JsonObject,
  file: string,
  report: (finding: Finding) => void,
): LockedStage[] {
  const isOld = lock['schema'] === undefined && lock['stages'] === undefined;
  const stages = isOld ? lock : lock['stages'];
  const tell = (path: string, expected: string, found: JsonValue | undefined) =>
    report({
      code: 'wrong-shape',
      severity: 'warning',
      file,
      path,
      expected,
      found: showText(jsonText(found ?? null)),
      hint: 'The other stages are shown; "dvc repro" writes the file anew.',
    });
  if (!isObject(stages)) {
    if (stages !== undefined && stages !== null) tell('stages', 'a map of stages', stages);
    return [];
  }
  return Object.entries(stages).flatMap(([name, stage]) => {
    if (isObject(stage)) return [stageOf(name, stage)];
    tell(isOld ? name : `stages.${name}`, 'what a stage read and wrote', stage);
    return [];
  });
}

function stageOf(name: string, { cmd, deps, outs, params }: JsonObject): LockedStage {
  const commands = (Array.isArray(cmd) ? cmd : [cmd]).filter((each) => typeof each === 'string');
  return {
    name,
    command: commands.length === 0 ? undefined : commands.join('\n'),
    deps: filesIn(deps),
    outs: filesIn(outs),
    params: isObject(params) ? params : {},
  };
}

function filesIn(list: JsonValue | undefined): LockedFile[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((each) => {
    if (!isObject(each) || typeof each['path'] !== 'string') return [];
    return [{ path: each['path'], digest: digestOf(each), bytes: numberIn(each['size']) }];
  });
}

function digestOf(file: JsonObject): string | undefined {
  for (const name of ['md5', 'etag', 'checksum']) {
    const value = file[name];
    if (typeof value === 'string' && value !== '') return `${name}:${value}`;
  }
  return undefined;
}
