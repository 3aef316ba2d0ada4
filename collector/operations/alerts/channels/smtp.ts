import { connect as connectPlain, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { connect as connectSecure } from 'node:tls';

/** A mail, ready to be handed to a server. */
export interface Mail {
  from: string;
  to: readonly string[];
  /** Headers and body with CRLF; no line of it begins with a dot. */
  text: string;
}

/** The server did not take the mail. `code` is its reply, 0 where what it offers does not do. */
export class SmtpRefusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Hands a mail to a server: `smtps://` speaks TLS from the first byte, `smtp://` as soon as the server offers it. A name and
 * password in the address are never sent unencrypted to another machine.
 * @throws SmtpRefusal, or the error of the connection.
 */
export async function handOver(server: URL, mail: Mail, timeoutMs: number): Promise<void> {
  const talk = new Talk(await opened(server, timeoutMs), timeoutMs);
  try {
    await talk.expect(220);
    let offers = await talk.greet();
    if (server.protocol === 'smtp:' && offers.has('STARTTLS')) {
      await talk.say('STARTTLS', 220);
      await talk.secure(server.hostname);
      offers = await talk.greet();
    }
    if (server.username !== '') await authenticate(talk, server, offers.get('AUTH') ?? '');
    await talk.say(`MAIL FROM:<${mail.from}>`, 250);
    for (const to of mail.to) await talk.say(`RCPT TO:<${to}>`, 250);
    await talk.say('DATA', 354);
    await talk.say(`${mail.text}\r\n.`, 250);
    talk.end();
  } finally {
    talk.destroy();
  }
}

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

async function authenticate(talk: Talk, server: URL, methods: string): Promise<void> {
  if (!talk.isSecure && !loopback.test(server.hostname))
    throw new SmtpRefusal(0, 'it offers no TLS, and the password would go unencrypted; use smtps://');
  const [user, password] = [server.username, server.password].map(decodeURIComponent) as [string, string];
  const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
  if (/\bPLAIN\b/i.test(methods)) return talk.say(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`, 235);
  if (!/\bLOGIN\b/i.test(methods)) throw new SmtpRefusal(0, 'it offers neither AUTH PLAIN nor AUTH LOGIN');
  await talk.say('AUTH LOGIN', 334);
  await talk.say(base64(user), 334);
  await talk.say(base64(password), 235);
}

function opened(server: URL, timeoutMs: number): Promise<Socket> {
  const isSecure = server.protocol === 'smtps:';
  const host = server.hostname.replace(/^\[|\]$/g, '');
  const port = Number(server.port) || (isSecure ? 465 : 587);
  return new Promise((resolve, reject) => {
    const socket = isSecure
      ? connectSecure({ host, port, ...nameOf(host) }, () => resolve(socket))
      : connectPlain({ host, port }, () => resolve(socket));
    socket.setTimeout(timeoutMs, () => socket.destroy(timeoutError()));
    socket.once('error', reject);
  });
}

/** An address of numbers has no name to ask for. */
const nameOf = (host: string) => (/^[\d.]+$|:/.test(host) ? {} : { servername: host });

function timeoutError(): Error {
  return Object.assign(new Error('no answer in time'), { name: 'TimeoutError' });
}

/** One conversation: a line goes out, a reply comes in. */
class Talk {
  #socket: Socket;
  readonly #timeoutMs: number;
  #text = '';
  #failure: Error | undefined;
  #wake: () => void = () => undefined;
  isSecure: boolean;

  constructor(socket: Socket, timeoutMs: number) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    this.isSecure = 'encrypted' in socket;
    this.#listen();
  }

  #listen(): void {
    const fail = (error: Error) => {
      this.#failure ??= error;
      this.#wake();
    };
    this.#socket.on('data', (bytes: Buffer) => {
      this.#text += bytes.toString('latin1');
      if (this.#text.length > 65_536) fail(new SmtpRefusal(0, 'it answers without end'));
      this.#wake();
    });
    this.#socket.on('error', fail);
    this.#socket.on('close', () => fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
  }

  /** Which extensions the server offers, with what it says of them. */
  async greet(): Promise<Map<string, string>> {
    const name = hostname().replace(/[^A-Za-z0-9.-]/g, '') || 'localhost';
    this.#socket.write(`EHLO ${name}\r\n`);
    const lines = await this.expect(250);
    return new Map(
      lines.slice(1).map((line) => {
        const [word = '', ...rest] = line.split(' ');
        return [word.toUpperCase(), rest.join(' ')];
      }),
    );
  }

  /** Sends a line and waits for the one reply that goes on. */
  async say(line: string, wanted: number): Promise<void> {
    this.#socket.write(`${line}\r\n`);
    await this.expect(wanted);
  }

  /** The lines of the next reply, without their codes. */
  async expect(wanted: number): Promise<string[]> {
    for (;;) {
      const reply = /^(?:\d{3}-[^\n]*\n)*(\d{3})(?: [^\n]*|\r)?\n/.exec(this.#text);
      if (reply !== null) {
        this.#text = this.#text.slice(reply[0].length);
        const lines = reply[0]
          .trimEnd()
          .split(/\r?\n/)
          .map((line) => line.slice(4));
        const code = Number(reply[1]);
        // 251: the server passes a mail on.
        if (code === wanted || (wanted === 250 && code === 251)) return lines;
        throw new SmtpRefusal(code, lines.at(-1) ?? '');
      }
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }

  /** Goes on in TLS; what came before it in clear text does not count. */
  async secure(host: string): Promise<void> {
    const plain = this.#socket;
    plain.removeAllListeners('data').removeAllListeners('error').removeAllListeners('close');
    this.#text = '';
    this.#socket = await new Promise((resolve, reject) => {
      const socket = connectSecure({ socket: plain, ...nameOf(host) }, () => resolve(socket));
      socket.setTimeout(this.#timeoutMs, () => socket.destroy(timeoutError()));
      socket.once('error', reject);
    });
    this.isSecure = true;
    this.#listen();
  }

  end(): void {
    this.#socket.end('QUIT\r\n');
  }

  destroy(): void {
    this.#socket.on('error', () => undefined);
    this.#socket.destroySoon();
  }
}
