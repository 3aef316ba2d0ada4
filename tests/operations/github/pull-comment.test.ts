import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { commentOnPull } from '../../../collector/operations/github/pull-comment.ts';
import { temporaryFolder } from '../../helpers.ts';

/** A GitHub with one pull request and its comments; those it is asked for come in pages. */
async function gitHub(comments: { id: number; body: string }[] = [], status = 200) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      const url = new URL(request.url!, 'http://localhost');
      asked.push(`${request.method} ${url.pathname}`);
      expect(request.headers.authorization).toBe('Bearer secret-token');
      response.writeHead(status, { 'content-type': 'application/json' });
      if (status !== 200) return response.end('{"message":"Resource not accessible by integration"}');
      const id = Number(url.pathname.split('/').at(-1));
      if (request.method === 'GET') {
        const from = 100 * (Number(url.searchParams.get('page')) - 1);
        return response.end(JSON.stringify(comments.slice(from, from + 100)));
      }
      const { body } = JSON.parse(text) as { body: string };
      if (request.method === 'POST') comments.push({ id: 1000 + comments.length, body });
      else comments.find((comment) => comment.id === id)!.body = body;
      return response.end('{}');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const job = (payload: unknown) => {
    const file = join(temporaryFolder(), 'event.json');
    writeFileSync(file, JSON.stringify(payload));
    return {
      GITHUB_EVENT_PATH: file,
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_TOKEN: 'secret-token',
    };
  };
  return { comments, asked, job };
}

const others = Array.from({ length: 150 }, (_, id) => ({ id, body: `said ${id}` }));

describe('commentOnPull', () => {
  it('writes one comment, finds it again behind all others, and updates it only where it says something new', async () => {
    const { asked, comments, job } = await gitHub([...others]);
    const env = job({ pull_request: { number: 5 } });
    expect(await commentOnPull('one', env)).toEqual({ number: 5, state: 'written' });
    expect(await commentOnPull('one', env)).toEqual({ number: 5, state: 'unchanged' });
    expect(await commentOnPull('two', env)).toEqual({ number: 5, state: 'updated' });
    expect(comments).toHaveLength(151);
    expect(comments.at(-1)!.body).toMatch(/^<!-- daybook: .* -->\ntwo$/);
    expect(asked.filter((line) => !line.startsWith('GET'))).toEqual([
      'POST /repos/o/r/issues/5/comments',
      'PATCH /repos/o/r/issues/comments/1150',
    ]);
  });

  it('answers the pull request of a finished run, and nothing where there is none', async () => {
    const { asked, job } = await gitHub();
    const run = { workflow_run: { pull_requests: [{ number: 7 }] } };
    expect(await commentOnPull('one', job(run))).toEqual({ number: 7, state: 'written' });
    asked.length = 0;
    for (const payload of [{ ref: 'refs/heads/main' }, { workflow_run: { pull_requests: [] } }, []])
      expect(await commentOnPull('one', job(payload))).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('says that the job may not, without the token', async () => {
    const { job } = await gitHub([], 403);
    const said = await commentOnPull('one', job({ pull_request: { number: 5 } })).catch((error) => error);
    expect(said).toMatchObject({
      code: 'unavailable',
      hint: expect.stringContaining('pull-requests: write'),
    });
    expect(String(said)).toContain('answered 403');
    expect(String(said)).not.toContain('secret-token');
  });
});
