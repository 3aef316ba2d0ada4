import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../collector/formats/findings/finding.ts';
import { openBook } from '../../collector/index.ts';
import { readMetricsFile } from '../../collector/store/runs/read-metrics.ts';
import { temporaryBook } from '../helpers.ts';
import { amount } from '../long.ts';

class Writer {
  readonly process: ChildProcess;
  readonly #ended: Promise<unknown>;
  #output = '';

  constructor(root: string, name: string, count: number) {
    const script = join(import.meta.dirname, 'experiment-writer.ts');
    this.process = spawn(process.execPath, [script, root, name, String(count)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.process.stdout!.setEncoding('latin1').on('data', (text: string) => {
      this.#output += text;
    });
    this.#ended = once(this.process, 'close');
  }

  get acknowledgedCount(): number {
    return this.#output.split('\n').length - 2;
  }

  async acknowledged(): Promise<string[]> {
    await this.#ended;
    return this.#output.split('\n').slice(1, -1);
  }
}

async function sharedExperiment(): Promise<string> {
  const root = temporaryBook();
  const book = await openBook(root);
  await book.experiments.start('shared');
  return root;
}

function tagsOf(root: string): string[] {
  return JSON.parse(readFileSync(join(root, 'shared/experiment_tracker.json'), 'utf8')).tags;
}

describe('processes that change one experiment', () => {
  it('lose no change of each other', { timeout: 60_000 }, async () => {
    const root = await sharedExperiment();
    const writers = Array.from({ length: 4 }, (_, n) => new Writer(root, `w${n}`, 25));
    const acknowledged = (await Promise.all(writers.map((writer) => writer.acknowledged()))).flat();
    expect(acknowledged.length).toBe(100);
    expect(tagsOf(root).sort()).toEqual(acknowledged.sort());
    const findings: Finding[] = [];
    const metrics = await readMetricsFile(root, 'shared/metrics.jsonl', (finding) => findings.push(finding));
    expect(metrics.lines).toBe(100);
    expect(findings).toEqual([]);
    const book = await openBook(root);
    expect((await book.experiments.open('shared')).record().best['loss']).toBe(24);
  });

  it('lose nothing acknowledged and leave a whole file when they are killed, and the next one goes on at once', {
    timeout: 60_000,
  }, async () => {
    const root = await sharedExperiment();
    const acknowledged: string[] = [];
    const kills = amount(6, 60);
    for (let kill = 0; kill < kills; kill++) {
      const writer = new Writer(root, `k${kill}`, 1000);
      const least = 1 + (kill % 4);
      while (writer.acknowledgedCount < least && writer.process.exitCode === null)
        await new Promise((resolve) => setTimeout(resolve, 1));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 8));
      writer.process.kill('SIGKILL');
      acknowledged.push(...(await writer.acknowledged()));
      const tags = tagsOf(root);
      expect(acknowledged.filter((tag) => !tags.includes(tag))).toEqual([]);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(kills);
    expect(
      readdirSync(join(root, 'shared'))
        .filter((name) => !name.startsWith('.'))
        .sort(),
    ).toEqual(['experiment_daybook.json', 'experiment_tracker.json', 'metrics.jsonl']);
  });

  it('wait for one that is stopped, and then see what it did', { timeout: 60_000 }, async () => {
    const root = await sharedExperiment();
    const writer = new Writer(root, 'frozen', 400);
    while (writer.acknowledgedCount < 3) await new Promise((resolve) => setTimeout(resolve, 1));
    writer.process.kill('SIGSTOP');
    const book = await openBook(root);
    const experiment = await book.experiments.open('shared');
    const tagged = experiment.tag('waited');
    await new Promise((resolve) => setTimeout(resolve, 300));
    writer.process.kill('SIGCONT');
    await tagged;
    const acknowledged = await writer.acknowledged();
    expect(tagsOf(root).sort()).toEqual(['waited', ...acknowledged].sort());
  });
});
