import { isObject, type JsonObject } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { type ExperimentRecord, parseExperiment } from '../../formats/experiments/experiment.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { folderOf, joinPlace } from '../../runs/key.ts';
import { readTextFile } from '../runs/read-text.ts';

/** What the file of an experiment is called, and the one beside it with what the original has no place for. */
export const trackerName = 'experiment_tracker.json';
export const besideTrackerName = 'experiment_daybook.json';

/** Reads an experiment file and what Daybook keeps beside it; undefined where it is none, and a finding says why. */
export function readExperiment(
  root: string,
  file: string,
  report: (finding: Finding) => void,
): ExperimentRecord | undefined {
  const text = readTextFile(root, file, 'the record of an experiment as JSON', report);
  if (text === undefined) return undefined;
  const { record, findings } = parseExperiment(text, file, readBeside(root, file, report));
  for (const finding of findings) report(finding);
  return record;
}

/** What Daybook keeps beside an experiment file; empty where there is nothing. */
export function readBeside(root: string, file: string, report: (finding: Finding) => void): JsonObject {
  const beside = joinPlace(folderOf(file), besideTrackerName);
  const text = readTextFile(root, beside, 'what Daybook keeps of an experiment as JSON', report);
  if (text === undefined) return {};
  const parsed = parseLenientJson(text);
  if (parsed.ok && isObject(parsed.value)) return parsed.value;
  const found = parsed.ok ? 'something else' : parsed.reason;
  const hint = 'Artifacts, times and errors kept there are not shown; restore it from git, or delete it.';
  report({ code: 'broken-json', severity: 'warning', file: beside, expected: 'a JSON object', found, hint });
  return {};
}
