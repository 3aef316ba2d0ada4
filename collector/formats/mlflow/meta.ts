import { numberIn } from '../../base/json/exact-number.ts';
import type { JsonObject } from '../../base/json/json.ts';
import type { Finding } from '../findings/finding.ts';
import { readMembers } from '../text/members.ts';
import { statusWordOf, timeUsOf } from './status.ts';

/** What is known of a run of MLflow beside what was logged. */
export interface RunMeta {
  id: string | undefined;
  name: string | undefined;
  experimentId: string | undefined;
  statusWord: string | undefined;
  startUs: number | undefined;
  endUs: number | undefined;
  isDeleted: boolean;
  user: string | undefined;
  program: string | undefined;
  /** The commit, where no tag says it. */
  version: string | undefined;
  artifacts: string | undefined;
}

/** The members of a meta.yaml; undefined where it holds none. What is wrong with it is reported. */
export function readMeta(
  text: string,
  file: string,
  report: (finding: Finding) => void,
): JsonObject | undefined {
  return readMembers(text, 'yaml', file, expected, report);
}

const expected = {
  what: 'what MLflow knows of it, one member a line',
  hint: 'What else is known is shown; restore the file from where it was recorded.',
};

/** A run from the members of its meta.yaml, or from its row in a database: the names are the same. */
export function runMeta(raw: JsonObject): RunMeta {
  const text = (...fields: string[]) => {
    for (const field of fields) {
      const value = raw[field];
      if (typeof value === 'string' && value !== '') return value;
      const number = numberIn(value);
      if (number !== undefined) return String(value);
    }
    return undefined;
  };
  return {
    id: text('run_id', 'run_uuid'),
    name: text('run_name', 'name'),
    experimentId: text('experiment_id'),
    statusWord: statusWordOf(numberIn(raw['status']) ?? raw['status']),
    startUs: timeUsOf(numberIn(raw['start_time'])),
    endUs: timeUsOf(numberIn(raw['end_time'])),
    isDeleted: raw['lifecycle_stage'] === 'deleted',
    user: text('user_id'),
    program: text('source_name'),
    version: text('source_version'),
    artifacts: text('artifact_uri'),
  };
}
