import { type ChildProcess, spawn } from 'node:child_process';

const fields = ['index', 'utilization.gpu', 'memory.used', 'power.draw', 'temperature.gpu'];
const names = ['percent', 'memory_mb', 'power_w', 'temperature_c'] as const;
const megabytesOfMebibyte = 1.048576;

/**
 * Watches NVIDIA's cards by one nvidia-smi that prints a line for each of them again and again: to start one for every look
 * would cost many times as much. Where there is none, there are no cards, and nothing is said.
 */
export class Gpus {
  readonly #child: ChildProcess | undefined;
  #rest = '';
  #values: Record<string, number> = {};

  constructor(everyMs: number, env: NodeJS.ProcessEnv) {
    const args = [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits', `--loop-ms=${everyMs}`];
    try {
      this.#child = spawn('nvidia-smi', args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    } catch {
      return;
    }
    this.#child.once('error', () => undefined);
    this.#child.stdout?.on('error', () => undefined);
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#take(chunk.toString('latin1')));
    // It must not keep us when everything else is done.
    this.#child.unref();
    (this.#child.stdout as { unref?: () => void } | null)?.unref?.();
  }

  /** What was printed since the last call; nothing where nvidia-smi hangs, rather than the same once more. */
  take(): Record<string, number> {
    const values = this.#values;
    this.#values = {};
    return values;
  }

  stop(): void {
    this.#child?.kill('SIGKILL');
    this.#child?.stdout?.destroy();
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!.slice(-1000);
    for (const line of lines) Object.assign(this.#values, parseGpuLine(line));
  }
}

/** The values of one card: "0, 97, 20480, 250.31, 71"; what it does not tell ("[N/A]") is left out. */
export function parseGpuLine(line: string): Record<string, number> {
  const [index, ...parts] = line.split(',').map((part) => part.trim());
  if (index === undefined || !/^\d{1,3}$/.test(index)) return {};
  const values = names.map((name, at): [string, number] => {
    const value = /^-?\d+(?:\.\d+)?$/.test(parts[at] ?? '') ? Number(parts[at]) : Number.NaN;
    return [`gpu${index}_${name}`, name === 'memory_mb' ? value * megabytesOfMebibyte : value];
  });
  return Object.fromEntries(values.filter(([, value]) => Number.isFinite(value)));
}
