import { sha256Hex } from '../../../base/hash.ts';
import { numberIn } from '../../../base/json/exact-number.ts';
import { isObject, type JsonValue } from '../../../base/json/json.ts';
import { parseLenientJson } from '../../../base/json/lenient.ts';
import { type GitHubApi, gitHubApi } from '../../github/api.ts';
import { type AlertMessage, cut, headOf, linesOf } from '../message.ts';
import {
  type ChannelEffects,
  type Delivery,
  type Earlier,
  fromEnvironment,
  type SendMessage,
} from './channel.ts';

/**
 * An issue for each rule: opened with the first event, commented on with further ones and with those that are over, and closed
 * when all are. One that a person closed is left alone, and the next event opens another. `place` is "owner/name", or
 * "this" for the repository whose job it is.
 */
export function githubIssue(place: string): SendMessage {
  return async (message, earlier, effects) => {
    const api = apiOf(place, effects);
    if ('problem' in api) return { ok: false, unsent: true, problem: api.problem };
    const found = await openIssue(api, message, earlier);
    if ('problem' in found) return found.problem;
    return message.state === 'well'
      ? endIssue(api, message, earlier, found.issue)
      : tellIssue(api, message, found.issue);
  };
}

function apiOf(place: string, { env, requests }: ChannelEffects): GitHubApi | { problem: string } {
  const token = fromEnvironment('$GITHUB_TOKEN', env);
  if ('problem' in token) return token;
  const repository = place === 'this' ? fromEnvironment('$GITHUB_REPOSITORY', env) : { value: place };
  if ('problem' in repository)
    return {
      problem: `${repository.problem}; outside of GitHub Actions name the repository in daybook.yaml`,
    };
  return gitHubApi({ repository: repository.value, token: token.value }, env, requests);
}

/** The issue of the rule: the one that is remembered if it is still open, else an open one that bears the rule's mark. */
async function openIssue(
  api: GitHubApi,
  { rule }: AlertMessage,
  { issue }: Earlier,
): Promise<{ issue: number | undefined } | { problem: Delivery }> {
  if (issue !== undefined) {
    const known = await api('GET', `issues/${issue}`);
    if (known.ok && isOpen(parsed(known.text))) return { issue };
    if (!known.ok && known.status !== 404 && known.status !== 410) return { problem: known };
  }
  const listed = await api('GET', 'issues?state=open&labels=daybook&per_page=100');
  if (!listed.ok) return { problem: listed };
  const issues = parsed(listed.text);
  const own = (Array.isArray(issues) ? issues : []).find(
    (each) => isObject(each) && typeof each.body === 'string' && each.body.includes(markOf(rule)),
  );
  return { issue: numberOf(own) };
}

async function tellIssue(
  api: GitHubApi,
  message: AlertMessage,
  issue: number | undefined,
): Promise<Delivery> {
  if (issue !== undefined) {
    const commented = await api('POST', `issues/${issue}/comments`, { body: bodyOf(message) });
    return { ...commented, issue };
  }
  const opened = await api('POST', 'issues', {
    title: headOf(message),
    body: `${bodyOf(message)}\n\n${markOf(message.rule)}`,
    labels: ['daybook'],
  });
  const number = opened.ok ? numberOf(parsed(opened.text)) : undefined;
  return number === undefined ? opened : { ...opened, issue: number };
}

async function endIssue(
  api: GitHubApi,
  message: AlertMessage,
  { staysOpen }: Earlier,
  issue: number | undefined,
): Promise<Delivery> {
  // A person closed it, or it was never opened: nothing is left to say.
  if (issue === undefined) return { ok: true, status: 200, text: '' };
  const commented = await api('POST', `issues/${issue}/comments`, { body: bodyOf(message) });
  if (!commented.ok || staysOpen) return { ...commented, issue };
  const closed = await api('PATCH', `issues/${issue}`, { state: 'closed', state_reason: 'completed' });
  return closed.ok ? closed : { ...closed, issue };
}

/** What was recorded stands in a block of code, in which nothing is a mention, a link or markup. */
function bodyOf(message: AlertMessage): string {
  const text = cut(linesOf(message).join('\n'), 20_000);
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** By it the issue of a rule is found again. */
const markOf = (rule: string) => `<!-- daybook-alert ${sha256Hex(rule).slice(0, 16)} -->`;

function parsed(text: string): JsonValue | undefined {
  const read = parseLenientJson(text);
  return read.ok ? read.value : undefined;
}

const isOpen = (issue: JsonValue | undefined) => isObject(issue) && issue.state === 'open';

function numberOf(issue: JsonValue | undefined): number | undefined {
  return isObject(issue) ? numberIn(issue.number) : undefined;
}
