import { freemem } from 'node:os';
import { type Clock, monotonicMs } from '../../../base/clock.ts';
import { messageOf } from '../../../base/errors.ts';
import { plural } from '../../../base/format/words.ts';
import type { JsonObject } from '../../../base/json/json.ts';
import { isoMicros } from '../../../base/time.ts';
import { samplesName } from '../../../formats/metrics/samples.ts';
import { appendMetrics } from '../../../store/experiments/append-metrics.ts';
import { fileOfRun } from '../../actions/within.ts';
import { shownPlace } from '../../receipts/receipt-place.ts';
import { Gpus } from './gpus.ts';
import { LinuxTree } from './linux.ts';
import { PsTree } from './ps.ts';
import { metricsOf, type Reading } from './use.ts';

/** What is taken down of the machine while a command runs. */
export interface Samples {
  /** Begins, when the command has started. */
  start(pid: number): void;
  /** Ends; what stands in the file, for the record of the command: undefined where nothing does. */
  finish(): JsonObject | undefined;
}

/** Whose samples they are, and how often they are taken. */
export interface SamplesRequest {
  run: string | undefined;
  everyMs: number;
}

/** What sampling needs from the world. */
export interface SamplesEffects {
  clock: Clock;
  env: NodeJS.ProcessEnv;
  warn(text: string): void;
}

/** The first sample comes early, so that short commands have some. */
const firstMs = 1000;

/**
 * Samples what a command and all that it starts use, into a file of metrics beside the others of its run. Where that cannot be
 * written, `warn` is told once and nothing more is taken; the command goes on in any case.
 */
export function openSamples(
  root: string,
  { run, everyMs }: SamplesRequest,
  effects: SamplesEffects,
): Samples {
  const path = run === undefined ? undefined : fileOfRun(root, run, samplesName);
  if (path === undefined) {
    effects.warn('the machine is not sampled: samples lie in the folder of a run, and this command has none');
    return { start: () => undefined, finish: () => undefined };
  }
  return new Sampler(root, shownPlace(root, path), everyMs, effects);
}

class Sampler implements Samples {
  readonly #root: string;
  readonly #file: string;
  readonly #everyMs: number;
  readonly #effects: SamplesEffects;
  #points = 0;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  #gpus: Gpus | undefined;

  constructor(root: string, file: string, everyMs: number, effects: SamplesEffects) {
    this.#root = root;
    this.#file = file;
    this.#everyMs = everyMs;
    this.#effects = effects;
  }

  start(pid: number): void {
    if (process.platform === 'win32') {
      this.#end('what processes use is read on Linux and macOS alone');
      return;
    }
    this.#gpus = new Gpus(this.#everyMs, this.#effects.env);
    const tree = process.platform === 'linux' ? new LinuxTree(pid) : new PsTree(pid);
    void this.#go(async () => ({
      atMs: monotonicMs(),
      tree: await tree.read(),
      machine: tree instanceof LinuxTree ? tree.readMachine() : { freeMemoryBytes: freemem() },
      gpus: this.#gpus?.take() ?? {},
    })).catch((error: unknown) => this.#end(messageOf(error)));
  }

  finish(): JsonObject | undefined {
    this.#stop();
    return this.#points === 0 ? undefined : { path: this.#file, points: this.#points };
  }

  /** One after the other, at times that do not drift; a machine that slept, or was that busy, has no looks to make up for. */
  async #go(read: () => Promise<Reading>): Promise<void> {
    let before = await read();
    let dueMs = monotonicMs() + Math.min(firstMs, this.#everyMs);
    while (!this.#isOver) {
      await this.#until(dueMs);
      const now = await read();
      // While that was read, the command may have ended: what is left of it then says nothing.
      if (this.#isOver) return;
      await this.#put(metricsOf(now, before));
      before = now;
      const missed = Math.max(0, Math.floor((monotonicMs() - dueMs) / this.#everyMs));
      dueMs += (missed + 1) * this.#everyMs;
    }
  }

  #until(dueMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#timer = setTimeout(resolve, Math.max(0, dueMs - monotonicMs())).unref();
    });
  }

  async #put(values: Record<string, number>): Promise<void> {
    if (Object.keys(values).length === 0) return;
    const time = isoMicros(this.#effects.clock.nowUs());
    await appendMetrics(this.#root, this.#file, { values, time });
    this.#points += 1;
  }

  #end(why: string): void {
    if (this.#isOver) return;
    this.#stop();
    const so =
      this.#points === 0 ? 'not sampled' : `sampled no further than ${plural(this.#points, 'point')}`;
    this.#effects.warn(`the machine is ${so}: ${why}`);
  }

  #stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#gpus?.stop();
  }
}
