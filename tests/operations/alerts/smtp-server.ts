import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { certificate, privateKey } from './certificate.ts';

/** What the server of a test says, and what it does not offer. */
export interface SmtpManners {
  /** Replies in place of the usual ones, by the first word of a line ("RCPT"); each is used once, the last again and again. */
  replies?: Record<string, string[]>;
  /** Lines of EHLO. */
  offers?: string[];
  /** Says nothing at all. */
  isSilent?: boolean;
}

const usual: Record<string, string> = {
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  '.': '250 taken',
  QUIT: '221 bye',
  AUTH: '235 welcome',
  STARTTLS: '220 go on',
};

/** A small SMTP server: takes any mail, and keeps every line it got. */
export async function smtpServer(
  manners: SmtpManners = {},
): Promise<{ host: string; lines: string[]; mails: string[] }> {
  const lines: string[] = [];
  const mails: string[] = [];
  const sockets = new Set<Socket>();
  const replyTo = (word: string) => {
    const own = manners.replies?.[word];
    if (own === undefined) return usual[word] ?? '500 what?';
    return own.length > 1 ? own.shift()! : own[0]!;
  };
  const converse = (socket: Socket) => {
    let text = '';
    let mail: string[] | undefined;
    const say = (line: string) => socket.write(`${line}\r\n`);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        if (mail !== undefined && line !== '.') {
          mail.push(line);
          continue;
        }
        lines.push(line);
        if (mail !== undefined) mails.push(mail.join('\r\n'));
        mail = undefined;
        const word = line.split(' ')[0]!;
        if (word === 'EHLO') {
          const offers = ['here', ...(manners.offers ?? ['AUTH PLAIN LOGIN'])];
          for (const [at, each] of offers.entries()) say(`250${at === offers.length - 1 ? ' ' : '-'}${each}`);
          continue;
        }
        const reply = replyTo(word);
        say(reply);
        if (word === 'DATA' && reply.startsWith('354')) mail = [];
        if (word === 'STARTTLS' && reply.startsWith('220')) {
          socket.removeAllListeners('data');
          const secure = new TLSSocket(socket, { isServer: true, key: privateKey, cert: certificate });
          converse(secure);
          return;
        }
      }
    });
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    if (manners.isSilent) return;
    socket.write('220 test\r\n');
    converse(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, lines, mails };
}
