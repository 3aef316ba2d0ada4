import { describe, expect, it } from 'vitest';
import { githubIssue } from '../../../collector/operations/alerts/channels/github.ts';
import type { AlertMessage } from '../../../collector/operations/alerts/message.ts';
import { type Answer, localServer, quickRequests } from './local-server.ts';

interface Issue {
  number: number;
  state: string;
  title: string;
  body: string;
  labels: string[];
  comments: string[];
}

/** As much of GitHub's API as issues need. */
async function fakeGitHub() {
  const issues: Issue[] = [];
  let broken: Answer | undefined;
  const server = await localServer(({ method, path, body }) => {
    if (broken !== undefined) return broken;
    const json = (value: unknown, status = 200) => ({ status, body: JSON.stringify(value) });
    const rest = path.replace('/repos/acme/atlas/issues', '');
    const given = body === '' ? {} : JSON.parse(body);
    const issue = issues.find(({ number }) => rest.startsWith(`/${number}`));
    if (method === 'GET' && rest.startsWith('?'))
      return json(issues.filter(({ state, labels }) => state === 'open' && labels.includes('daybook')));
    if (method === 'POST' && rest === '') {
      issues.push({ number: 40 + issues.length, state: 'open', comments: [], ...given });
      return json(issues.at(-1), 201);
    }
    if (issue === undefined) return 404;
    if (method === 'POST') issue.comments.push(given.body);
    if (method === 'PATCH') Object.assign(issue, given);
    return json(issue);
  });
  const { effects } = quickRequests();
  const env = { GITHUB_TOKEN: 'secret', GITHUB_REPOSITORY: 'acme/atlas', GITHUB_API_URL: server.address };
  const tell = (
    state: AlertMessage['state'],
    title: string,
    earlier: { issue?: number; staysOpen?: boolean } = {},
    place = 'this',
  ) =>
    githubIssue(place)(
      {
        state,
        book: 'atlas',
        rule: 'deploys',
        when: 'action.status = failed',
        events: [{ id: title, title, atUs: 1, detail: title }],
        nowUs: 2,
      },
      { issue: undefined, staysOpen: false, ...earlier },
      { requests: effects, env },
    );
  return { issues, got: server.got, tell, env, breakWith: (answer: Answer) => (broken = answer) };
}

describe('an issue on GitHub', () => {
  it('is opened, commented on, and closed when all is well', async () => {
    const { tell, issues, got } = await fakeGitHub();
    expect(await tell('firing', 'deploy failed')).toMatchObject({ ok: true, issue: 40 });
    expect(await tell('firing', 'deploy failed again', { issue: 40 })).toMatchObject({ ok: true, issue: 40 });
    expect(await tell('well', 'deploy completed', { issue: 40, staysOpen: true })).toMatchObject({
      issue: 40,
    });
    expect(issues[0]).toMatchObject({ state: 'open', title: 'atlas: deploy failed', labels: ['daybook'] });
    const closed = await tell('well', 'deploy completed', { issue: 40 });
    expect(closed).toMatchObject({ ok: true });
    expect(closed.issue).toBeUndefined();
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({ state: 'closed', state_reason: 'completed' });
    expect(issues[0]?.comments).toHaveLength(3);
    expect(got[0]?.headers).toMatchObject({ authorization: 'Bearer secret' });
  });

  it('is found again by its mark where nothing is remembered', async () => {
    const { tell, issues } = await fakeGitHub();
    await tell('firing', 'one');
    issues.unshift({
      number: 7,
      state: 'open',
      title: 'x',
      body: 'by hand',
      labels: ['daybook'],
      comments: [],
    });
    expect(await tell('firing', 'two')).toMatchObject({ issue: 40 });
    expect(issues.map(({ comments }) => comments.length)).toEqual([0, 1]);
  });

  it('that a person closed stays closed: the next event opens another, and its end is nothing to tell', async () => {
    const { tell, issues } = await fakeGitHub();
    await tell('firing', 'one');
    issues[0]!.state = 'closed';
    expect(await tell('well', 'over', { issue: 40 })).toMatchObject({ ok: true });
    expect(issues[0]?.comments).toEqual([]);
    expect(await tell('firing', 'two', { issue: 40 })).toMatchObject({ ok: true, issue: 41 });
  });

  it('shows what was recorded in a block of code that it cannot leave', async () => {
    const { tell, issues } = await fakeGitHub();
    await tell(
      'firing',
      '@octocat #1 ```\n````\n</details> <!-- daybook-alert 0 --> [x](https://evil.example)',
    );
    const [fence] = /^`+/.exec(issues[0]!.body)!;
    const lines = issues[0]!.body.split('\n');
    const end = lines.lastIndexOf(fence);
    expect(fence.length).toBeGreaterThan(4);
    const inside = lines.slice(1, end);
    expect(inside.join('\n')).toContain('@octocat');
    expect(inside.filter((line) => new RegExp(`^ {0,3}\`{${fence.length},}`).test(line))).toEqual([]);
    expect(lines.slice(end + 1).join('')).toMatch(/^<!-- daybook-alert [0-9a-f]{16} -->$/);
    expect(issues[0]?.title).not.toContain('\n');
  });

  it('that cannot be made says why, and is not written twice', async () => {
    const { tell, got, env, breakWith } = await fakeGitHub();
    breakWith(401);
    expect(await tell('firing', 'x')).toMatchObject({
      ok: false,
      problem: expect.stringContaining('answered 401'),
    });
    breakWith(500);
    got.length = 0;
    expect(await tell('firing', 'x')).toMatchObject({ ok: false });
    expect(got.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET']);
    env.GITHUB_TOKEN = '';
    expect(await tell('firing', 'x')).toMatchObject({
      unsent: true,
      problem: 'the environment variable GITHUB_TOKEN is not set',
    });
    env.GITHUB_TOKEN = 'x';
    env.GITHUB_REPOSITORY = '';
    expect(await tell('firing', 'x')).toMatchObject({
      problem: expect.stringContaining('name the repository in daybook.yaml'),
    });
  });
});
