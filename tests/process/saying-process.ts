import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A process of ours and the lines it has said since it was ready. */
export class SayingProcess {
  readonly process: ChildProcess;
  readonly #ended: Promise<unknown>;
  #output = '';

  constructor(script: string, ...args: string[]) {
    const path = join(import.meta.dirname, script);
    this.process = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.process.stdout!.setEncoding('latin1').on('data', (text: string) => {
      this.#output += text;
    });
    this.#ended = once(this.process, 'close');
  }

  /** Waits until so many lines were said, the one that it is ready included. */
  async hasSaid(lines: number): Promise<void> {
    while (this.#output.split('\n', lines + 1).length <= lines) await pause(2);
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }

  async said(): Promise<string[]> {
    await this.#ended;
    return this.#output.split('\n').slice(1, -1);
  }
}

/** Waits. */
export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
