import { isObject, type JsonObject } from '../../base/json/json.ts';
import type { Imported, ImportKind, NotImported } from './imported.ts';
import { objectsIn, textIn, timeUs } from './values.ts';

/** Answers of GitHub's API to `actions/runs`, and single runs, one a line. */
export const githubRuns: ImportKind = {
  name: 'github-runs',
  about: "workflow runs, as GitHub's API gives them",
  recognises: (value) => objectsIn(value['workflow_runs']).some(isRun) || isRun(value),
  *read(value) {
    const runs = Array.isArray(value['workflow_runs']) ? objectsIn(value['workflow_runs']) : [value];
    for (const run of runs) yield runOf(run);
  },
};

function isRun(value: JsonObject): boolean {
  return 'workflow_id' in value && 'run_number' in value && 'head_sha' in value;
}

function runOf(run: JsonObject): Imported | NotImported {
  const atUs = timeUs(run['created_at']);
  if (atUs === undefined)
    return { expected: 'a workflow run with created_at', found: `run ${textIn(run['id']) ?? 'without id'}` };
  const isOver = run['status'] === 'completed';
  const endedAtUs = isOver ? timeUs(run['updated_at']) : undefined;
  const attempt = textIn(run['run_attempt']) ?? '1';
  const repository = isObject(run['repository']) ? textIn(run['repository']['full_name']) : undefined;
  const actor = isObject(run['actor']) ? textIn(run['actor']['login']) : undefined;
  const url = textIn(run['html_url']);
  return {
    key: `${url ?? textIn(run['id'])}#${attempt}`,
    atUs: endedAtUs ?? atUs,
    type: textIn(run['name']) ?? 'workflow run',
    status: statusOf(run, isOver),
    startedAtUs: timeUs(run['run_started_at']) ?? atUs,
    endedAtUs,
    url,
    commit: textIn(run['head_sha']),
    branch: textIn(run['head_branch']),
    details: {
      title: run['display_title'] ?? null,
      conclusion: run['conclusion'] ?? null,
      event: run['event'] ?? null,
      number: run['run_number'] ?? null,
      attempt: run['run_attempt'] ?? 1,
      workflow: run['path'] ?? null,
      ...(repository !== undefined && { repository }),
      ...(actor !== undefined && { actor }),
    },
  };
}

/** Words of GitHub that others do not have. */
const conclusions: Record<string, string> = {
  startup_failure: 'failed',
  action_required: 'pending',
  neutral: 'completed',
};

function statusOf(run: JsonObject, isOver: boolean): string {
  const word = (isOver ? textIn(run['conclusion']) : textIn(run['status'])) ?? 'running';
  return conclusions[word] ?? word;
}
