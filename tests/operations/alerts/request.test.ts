import { describe, expect, it } from 'vitest';
import { failAddress, parseAddress, ping } from '../../../collector/operations/alerts/ping.ts';
import { send } from '../../../collector/operations/alerts/request.ts';
import { type Answer, deadAddress, localServer, quickRequests } from './local-server.ts';

async function sent(
  answers: Answer | readonly Answer[],
  options: { secure?: boolean; timeoutMs?: number } = {},
) {
  const server = await localServer(answers, options);
  const { effects, pauses } = quickRequests(
    options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs },
  );
  const address = new URL(`${server.address}/secret-path?key=secret`);
  const outcome = await send({ address, method: 'POST', body: 'x' }, effects);
  return { outcome, pauses, count: server.got.length };
}

describe('a request', () => {
  it('is sent once where it is answered', async () => {
    expect(await sent({ status: 200, body: 'ok' })).toEqual({
      outcome: { ok: true, status: 200, text: 'ok' },
      pauses: [],
      count: 1,
    });
  });

  it.each<[Answer[], number, number[]]>([
    [[500, 200], 2, [1000]],
    [[502, 503, 204], 3, [1000, 2000]],
    [[{ status: 429, headers: { 'retry-after': '7' } }, 200], 2, [7000]],
    [[{ status: 429, headers: { 'retry-after': '0' } }, 200], 2, [1000]],
  ])('is sent again after %j', async (answers, count, pauses) => {
    const result = await sent(answers);
    expect(result).toMatchObject({ count, pauses, outcome: { ok: true } });
  });

  it.each<[Answer, RegExp, number]>([
    [500, /^127\.0\.0\.1:\d+ answered 500$/, 3],
    [429, /answered 429 \(too many requests\)$/, 3],
    // A service that wants to be left alone for longer is, until the next call.
    [
      { status: 429, headers: { 'retry-after': '600' } },
      /answered 429 \(too many requests\), and asks to wait for 10 minutes$/,
      1,
    ],
    [404, /answered 404: it does not know the address$/, 1],
    [401, /answered 401: it does not accept the token or address$/, 1],
    [400, /answered 400$/, 1],
    [
      { status: 302, headers: { location: 'http://127.0.0.1:9/' } },
      /answered 302 and points to another address; give that one$/,
      1,
    ],
  ])('that is answered %j ends with a sentence that keeps the address', async (answer, said, count) => {
    const { outcome, ...result } = await sent(answer);
    expect(outcome.ok).toBe(false);
    expect(!outcome.ok && outcome.problem).toMatch(said);
    expect(JSON.stringify(outcome)).not.toContain('secret');
    expect(result.count).toBe(count);
  });

  it('knows a date in Retry-After', async () => {
    const until = new Date(Date.now() + 3_600_000).toUTCString();
    const { outcome } = await sent({ status: 503, headers: { 'retry-after': until } });
    expect(!outcome.ok && outcome.waitMs).toBeGreaterThan(3_500_000);
  });

  it('that is not answered, refused, or at a wrong certificate says so', async () => {
    const slow = await sent('never', { timeoutMs: 150 });
    expect(slow.outcome).toMatchObject({
      problem: expect.stringMatching(/did not answer within 150 milliseconds$/),
    });
    expect(slow.count).toBe(3);
    const secure = await sent(200, { secure: true });
    expect(secure.outcome).toMatchObject({
      problem: expect.stringMatching(/^the certificate of 127\.0\.0\.1:\d+ is not accepted \([A-Z_]+\)$/),
    });
    expect([secure.count, secure.pauses]).toEqual([0, []]);
    const { effects, pauses } = quickRequests();
    const dead = await send({ address: new URL(await deadAddress()), method: 'GET' }, effects);
    expect(dead).toMatchObject({
      problem: expect.stringMatching(/refuses the connection \(ECONNREFUSED\)$/),
    });
    expect(pauses).toEqual([1000, 2000]);
  });
});

describe('a ping', () => {
  it('goes to the address where all is well, and to /fail behind its path where not', async () => {
    const server = await localServer(200);
    const address = new URL(`${server.address}/uuid/?rid=1`);
    await ping(address, true, 'Snapshots come as expected.', quickRequests().effects);
    await ping(address, false, 'Snapshots stopped.', quickRequests().effects);
    expect(server.got.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/uuid/?rid=1', 'Snapshots come as expected.'],
      ['POST', '/uuid/fail?rid=1', 'Snapshots stopped.'],
    ]);
    expect(failAddress(new URL('https://hc.example')).href).toBe('https://hc.example/fail');
  });

  it('is a GET where POST is not taken', async () => {
    const server = await localServer(({ method }) => (method === 'GET' ? 200 : 405));
    expect(await ping(new URL(server.address), true, 'x', quickRequests().effects)).toMatchObject({
      ok: true,
    });
    expect(server.got.map(({ method }) => method)).toEqual(['POST', 'GET']);
  });

  it.each(['', 'hc.example/uuid-secret', 'ftp://hc.example/secret'])(
    'refuses %j without repeating it',
    (text) => {
      expect(() => parseAddress(text, '--ping')).toThrow(
        /^Expected an http\(s\) address in --ping, found (empty|another) text\.$/,
      );
    },
  );
});
