import { randomUUID } from 'node:crypto';
import { type AlertMessage, headOf, linesOf, oneLine } from '../message.ts';
import { connectionProblem, type Outcome, withRetries } from '../request.ts';
import { fromEnvironment, type SendMessage } from './channel.ts';

/** Who gets a mail, from whom, and by which server ("$SMTP_URL", of the form smtps://name:password@host). */
export interface EmailChannel {
  to: readonly string[];
  from: string;
  server: string;
}

/** A mail for each message, handed to a server by SMTP. */
export function email({ to, from, server }: EmailChannel): SendMessage {
  return async (message, _, { requests, env }) => {
    const found = fromEnvironment(server, env);
    if ('problem' in found) return { ok: false, unsent: true, problem: found.problem };
    const address = URL.canParse(found.value) ? new URL(found.value) : undefined;
    if (address?.protocol !== 'smtp:' && address?.protocol !== 'smtps:') {
      const name = server.replace(/^\$/, '');
      return {
        ok: false,
        unsent: true,
        problem: `the environment variable ${name} holds no smtp:// or smtps:// address`,
      };
    }
    const mail = { from, to, text: mailText(message, { from, to }) };
    return withRetries(async () => {
      try {
        const { handOver } = await import('./smtp.ts');
        await handOver(address, mail, requests.timeoutMs);
        return { outcome: { ok: true, status: 250, text: '' }, mayPass: false };
      } catch (error) {
        return failureOf(address.host, error, requests.timeoutMs);
      }
    }, requests);
  };
}

function failureOf(host: string, error: unknown, timeoutMs: number): { outcome: Outcome; mayPass: boolean } {
  if (error instanceof Error && 'code' in error && typeof error.code === 'number') {
    const { code, message } = error;
    const said = oneLine(message).slice(0, 120);
    const problem =
      code === 0 ? `${host} cannot be used: ${said}` : `${host} did not take the mail (${code} ${said})`;
    return { outcome: { ok: false, problem }, mayPass: code >= 400 && code < 500 };
  }
  if (error instanceof Error && error.name === 'TimeoutError')
    return {
      outcome: { ok: false, problem: `${host} did not answer within ${timeoutMs / 1000} seconds` },
      mayPass: true,
    };
  const { problem, mayPass } = connectionProblem(host, error);
  return { outcome: { ok: false, problem }, mayPass };
}

/**
 * A mail as bytes of ASCII: the subject is one line in an encoding of its own, the text is base64, so that nothing that
 * was recorded can become a header, end the mail or be taken for markup.
 */
export function mailText(message: AlertMessage, { from, to }: Pick<EmailChannel, 'from' | 'to'>): string {
  const body = Buffer.from(`${linesOf(message).join('\r\n')}\r\n`, 'utf8').toString('base64');
  return [
    `From: Daybook <${from}>`,
    `To: ${to.map((each) => `<${each}>`).join(',\r\n ')}`,
    `Subject: ${encodedWords(headOf(message))}`,
    `Date: ${new Date(message.nowUs / 1000).toUTCString().replace(/GMT$/, '+0000')}`,
    `Message-ID: <${randomUUID()}@${from.split('@').at(-1)}>`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(body.match(/.{1,76}/g) ?? []),
  ].join('\r\n');
}

/** A text of any letters as words of RFC 2047, folded, none of them with half of a letter. */
function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  for (const letter of text) {
    if (Buffer.byteLength(word + letter) > 42) {
      words.push(word);
      word = '';
    }
    word += letter;
  }
  words.push(word);
  return words.map((each) => `=?utf-8?B?${Buffer.from(each).toString('base64')}?=`).join('\r\n ');
}
