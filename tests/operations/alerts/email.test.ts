import { describe, expect, it } from 'vitest';
import { email } from '../../../collector/operations/alerts/channels/email.ts';
import { quickRequests } from './local-server.ts';
import { type SmtpManners, smtpServer } from './smtp-server.ts';

const message = {
  state: 'firing' as const,
  book: 'atlas',
  rule: 'deploys',
  when: 'action.status = failed',
  events: [{ id: 'a', title: 'deploy failed', atUs: 0, detail: '.\r\nQUIT' }],
  nowUs: Date.UTC(2026, 10, 27) * 1000,
};
const channel = {
  to: ['ops@example.org', 'me@example.org'],
  from: 'daybook@example.org',
  server: '$SMTP_URL',
};

async function sent(manners: SmtpManners, address = (host: string) => `smtp://${host}`, timeoutMs = 2000) {
  const server = await smtpServer(manners);
  const { effects, pauses } = quickRequests({ timeoutMs });
  const env = { SMTP_URL: address(server.host) };
  const outcome = await email(channel)(
    message,
    { issue: undefined, staysOpen: false },
    { requests: effects, env },
  );
  return { outcome, pauses, ...server };
}

describe('mail', () => {
  it('is handed to the server of the environment', async () => {
    const { outcome, lines, mails } = await sent({});
    expect(outcome.ok).toBe(true);
    expect(lines.slice(1, 6)).toEqual([
      'MAIL FROM:<daybook@example.org>',
      'RCPT TO:<ops@example.org>',
      'RCPT TO:<me@example.org>',
      'DATA',
      '.',
    ]);
    expect(mails).toHaveLength(1);
    const body = Buffer.from(mails[0]!.split('\r\n\r\n')[1]!, 'base64').toString();
    expect(body).toContain('• deploy failed');
    expect(body).toContain('  . QUIT');
  });

  it('says who it is by PLAIN, else by LOGIN', async () => {
    const named = (host: string) => `smtp://me%40example.org:p%3Ass@${host}`;
    const plain = await sent({}, named);
    expect(plain.lines[1]).toBe(`AUTH PLAIN ${Buffer.from('\0me@example.org\0p:ss').toString('base64')}`);
    expect(plain.outcome.ok).toBe(true);
    const login = await sent(
      {
        offers: ['AUTH LOGIN'],
        replies: { AUTH: ['334 name'], [btoa('me@example.org')]: ['334 word'], [btoa('p:ss')]: ['235 ok'] },
      },
      named,
    );
    expect(login.outcome.ok).toBe(true);
    expect((await sent({ offers: ['SIZE 1'] }, named)).outcome).toMatchObject({
      problem: expect.stringContaining('it offers neither AUTH PLAIN nor AUTH LOGIN'),
    });
  });

  it('never says a password unencrypted to another machine', async () => {
    // An address that leads here, and is not known to.
    const address = (host: string) => `smtp://me:secret@${host.replace('127.0.0.1', '0.0.0.0')}`;
    const { outcome, lines, pauses } = await sent({}, address);
    expect(outcome).toMatchObject({
      problem: expect.stringContaining(
        'it offers no TLS, and the password would go unencrypted; use smtps://',
      ),
    });
    expect([lines.join(), pauses]).toEqual([expect.not.stringContaining('AUTH'), []]);
  });

  it('is tried again after a reply that may pass, and not after one that does not', async () => {
    const busy = await sent({ replies: { RCPT: ['451 later', '250 ok'] } });
    expect([busy.outcome.ok, busy.pauses]).toEqual([true, [1000]]);
    const unknown = await sent({ replies: { RCPT: ['550 nobody\tof that\u001b[31m name'] } });
    expect(unknown.outcome).toMatchObject({
      ok: false,
      problem: expect.stringMatching(
        /^127\.0\.0\.1:\d+ did not take the mail \(550 nobody of that \[31m name\)$/,
      ),
    });
    expect([unknown.pauses, unknown.mails]).toEqual([[], []]);
  });

  it('goes on in TLS where that is offered, and not with a wrong certificate', async () => {
    const { outcome, lines, mails, pauses } = await sent(
      { offers: ['STARTTLS'] },
      (host) => `smtp://me:secret@${host}`,
    );
    expect(outcome).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^the certificate of .* is not accepted/),
    });
    expect([mails, pauses, lines.at(-1)]).toEqual([[], [], 'STARTTLS']);
  });

  it('that nobody answers says so', async () => {
    const { outcome } = await sent({ isSilent: true }, undefined, 150);
    expect(outcome).toMatchObject({ problem: expect.stringMatching(/did not answer within 0\.15 seconds$/) });
    const { effects } = quickRequests();
    const refused = await email(channel)(
      message,
      { issue: undefined, staysOpen: false },
      { requests: effects, env: { SMTP_URL: 'smtp://127.0.0.1:1' } },
    );
    expect(refused).toMatchObject({ problem: '127.0.0.1:1 refuses the connection (ECONNREFUSED)' });
  });

  it.each([
    [{}, 'the environment variable SMTP_URL is not set'],
    [{ SMTP_URL: 'https://x' }, 'the environment variable SMTP_URL holds no smtp:// or smtps:// address'],
  ])('with %j says what is missing', async (env, problem) => {
    const { effects } = quickRequests();
    const outcome = await email(channel)(
      message,
      { issue: undefined, staysOpen: false },
      { requests: effects, env },
    );
    expect(outcome).toMatchObject({ ok: false, unsent: true, problem });
  });
});
