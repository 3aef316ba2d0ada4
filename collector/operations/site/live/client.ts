import type { ServerResponse } from 'node:http';
import { jsonText } from '../../../base/json/text.ts';
import type { LiveMessages } from '../../../formats/live/messages.ts';

/** What a page asked for beside whether there is a newer site. */
export interface Asked {
  /** One run with its points. */
  run: string | undefined;
  /** How all runs that go on stand. */
  runs: boolean;
  /** Which actions are new. */
  actions: boolean;
}

/** A message made into the text that is sent: once for all who get it. */
export interface Sent {
  text: string;
}

/** What may wait for a page that reads too slowly, before it is left out. */
const mostWaitingBytes = 4 * 1024 * 1024;
const longestBehindMs = 30_000;

/** A page that listens. One that does not keep up gets nothing more until it has read what it was sent, and then all anew. */
export class LiveClient {
  readonly asked: Asked;
  readonly #response: ServerResponse;
  readonly #caughtUp: () => void;
  #behindSince: number | undefined;

  constructor(response: ServerResponse, asked: Asked, effects: { caughtUp(): void; gone(): void }) {
    this.asked = asked;
    this.#response = response;
    this.#caughtUp = effects.caughtUp;
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    response.on('drain', () => this.#drained());
    response.on('error', () => response.destroy());
    response.once('close', effects.gone);
  }

  /** Sends a message, unless the page is behind. */
  send({ text }: Sent): void {
    if (this.#behindSince !== undefined) {
      if (performance.now() - this.#behindSince > longestBehindMs) this.#response.destroy();
      return;
    }
    if (this.#response.writableLength > mostWaitingBytes) {
      this.#behindSince = performance.now();
      return;
    }
    this.#response.write(text);
  }

  end(): void {
    this.#response.end();
  }

  #drained(): void {
    if (this.#behindSince === undefined) return;
    this.#behindSince = undefined;
    this.#caughtUp();
  }
}

/** A message as server-sent event. */
export function eventOf<Name extends keyof LiveMessages>(name: Name, message: LiveMessages[Name]): Sent {
  return { text: `event: ${name}\ndata: ${jsonText(message, undefined, plainNumber)}\n\n` };
}

/** What keeps a connection from being taken for dead. */
export const beat: Sent = { text: ': still here\n\n' };

function plainNumber(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
