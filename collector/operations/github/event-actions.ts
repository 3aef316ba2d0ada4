import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import type { NewAction } from '../../store/action-writer.ts';
import { cleanId, deploymentStatusOf, objectIn, outcomeOf, textIn, timeUsIn } from './payload.ts';

/** What started a job on GitHub: the name of the event, what GitHub says of it, and the run it started. */
export interface GitHubEvent {
  name: string;
  payload: JsonObject;
  runId: string;
}

/**
 * The actions that an event is: itself, and for a push each of its commits. Everything in a payload is data that
 * anybody may have written: it is recorded as it is, and nothing of it is ever run. An event that is recorded again (a run that
 * is repeated) has the same ids, and stays one action.
 */
export function eventActions(event: GitHubEvent): NewAction[] {
  const { push, workflow_run, deployment_status } = special;
  if (event.name === 'push') return push(event);
  if (event.name === 'workflow_run') return workflow_run(event);
  if (event.name === 'deployment_status') return deployment_status(event);
  return [{ ...plain(event), details: detailsOf(event) }];
}

const special = {
  push(event: GitHubEvent): NewAction[] {
    const { payload } = event;
    const commits = Array.isArray(payload['commits']) ? payload['commits'].filter(isObject) : [];
    const ref = textIn(payload, 'ref');
    const of = compact({
      ref,
      before: textIn(payload, 'before'),
      after: textIn(payload, 'after'),
      commits: commits.length,
      ...flags(payload, ['created', 'deleted', 'forced']),
      actor: actorOf(payload),
      url: textIn(payload, 'compare'),
    });
    return [{ ...plain(event), details: of }, ...commits.map((commit) => commitAction(commit, ref))];
  },

  workflow_run({ payload }: GitHubEvent): NewAction[] {
    const run = objectIn(payload, 'workflow_run') ?? {};
    const id = idText(run['id']);
    const isOver = textIn(run, 'status') === 'completed' || textIn(payload, 'action') === 'completed';
    const startedAtUs = timeUsIn(run, 'run_started_at');
    const endedAtUs = isOver ? timeUsIn(run, 'updated_at') : undefined;
    return [
      {
        type: 'workflow_run',
        ...(id !== undefined && { id: cleanId(`workflow-run-${id}-${idText(run['run_attempt']) ?? '1'}`) }),
        status: isOver ? outcomeOf(textIn(run, 'conclusion')) : 'executing',
        ...(startedAtUs !== undefined && { startedAtUs }),
        ...(endedAtUs !== undefined && { endedAtUs }),
        details: compact({
          workflow: textIn(run, 'name'),
          title: textIn(run, 'display_title'),
          conclusion: textIn(run, 'conclusion'),
          number: run['run_number'],
          attempt: run['run_attempt'],
          event: textIn(run, 'event'),
          branch: textIn(run, 'head_branch'),
          commit: textIn(run, 'head_sha'),
          actor: textIn(objectIn(run, 'actor') ?? {}, 'login'),
          url: textIn(run, 'html_url'),
        }),
      },
    ];
  },

  deployment_status({ payload }: GitHubEvent): NewAction[] {
    const deployment = objectIn(payload, 'deployment') ?? {};
    const state = objectIn(payload, 'deployment_status') ?? {};
    const id = idText(deployment['id']);
    return [
      {
        type: 'deployment',
        ...(id !== undefined && { id: cleanId(`deployment-${id}`) }),
        status: deploymentStatusOf(textIn(state, 'state')),
        details: compact({
          environment: textIn(state, 'environment') ?? textIn(deployment, 'environment'),
          state: textIn(state, 'state'),
          ref: textIn(deployment, 'ref'),
          commit: textIn(deployment, 'sha'),
          task: textIn(deployment, 'task'),
          description: textIn(state, 'description') ?? textIn(deployment, 'description'),
          actor: actorOf(payload),
          url: textIn(state, 'environment_url') ?? textIn(state, 'log_url'),
        }),
      },
    ];
  },
};

/** What is worth keeping of the events that have one thing they are about. */
const about: Record<string, (payload: JsonObject) => Record<string, JsonValue | undefined>> = {
  schedule: (payload) => ({ schedule: textIn(payload, 'schedule') }),
  workflow_dispatch: (payload) => ({ ref: textIn(payload, 'ref'), inputs: objectIn(payload, 'inputs') }),
  pull_request: pullRequest,
  pull_request_target: pullRequest,
  release(payload) {
    const release = objectIn(payload, 'release') ?? {};
    return {
      tag: textIn(release, 'tag_name'),
      name: textIn(release, 'name'),
      ...flags(release, ['draft', 'prerelease']),
      target: textIn(release, 'target_commitish'),
      url: textIn(release, 'html_url'),
    };
  },
};

function pullRequest(payload: JsonObject): Record<string, JsonValue | undefined> {
  const pull = objectIn(payload, 'pull_request') ?? {};
  const head = objectIn(pull, 'head') ?? {};
  return {
    number: pull['number'] ?? payload['number'],
    title: textIn(pull, 'title'),
    ...flags(pull, ['draft', 'merged']),
    branch: textIn(head, 'ref'),
    commit: textIn(head, 'sha'),
    base: textIn(objectIn(pull, 'base') ?? {}, 'ref'),
    author: textIn(objectIn(pull, 'user') ?? {}, 'login'),
    url: textIn(pull, 'html_url'),
  };
}

function plain({ name, runId }: GitHubEvent): Pick<NewAction, 'type' | 'id'> {
  const word = name.replace(/[^\w-]/g, '_').slice(0, 60);
  return { type: `${word}_event`, id: cleanId(`${word}-${runId || 'local'}`) };
}

function detailsOf({ name, payload }: GitHubEvent): JsonObject {
  const known = Object.hasOwn(about, name) ? about[name]!(payload) : {};
  return compact({ action: textIn(payload, 'action'), ...known, actor: actorOf(payload) });
}

function commitAction(commit: JsonObject, ref: string | undefined): NewAction {
  const sha = textIn(commit, 'id') ?? '';
  const author = objectIn(commit, 'author') ?? {};
  const count = (key: string) => (Array.isArray(commit[key]) ? commit[key].length : undefined);
  return {
    type: 'commit',
    ...(/^[0-9a-f]{7,64}$/.test(sha) && { id: `commit-${sha}` }),
    details: compact({
      message: textIn(commit, 'message'),
      author: textIn(author, 'username') ?? textIn(author, 'name'),
      committed_at: textIn(commit, 'timestamp'),
      commit: sha === '' ? undefined : sha,
      ref,
      added: count('added'),
      removed: count('removed'),
      modified: count('modified'),
      url: textIn(commit, 'url'),
    }),
  };
}

function actorOf(payload: JsonObject): string | undefined {
  return textIn(objectIn(payload, 'sender') ?? {}, 'login');
}

function flags(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter((name) => object[name] === true).map((name) => [name, true]));
}

/** Ids of GitHub are numbers, which may have more digits than a number of ours. */
function idText(value: JsonValue | undefined): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

function compact(details: Record<string, JsonValue | undefined>): JsonObject {
  return Object.fromEntries(
    Object.entries(details).filter(
      (entry): entry is [string, JsonValue] => entry[1] !== undefined && entry[1] !== null,
    ),
  );
}
