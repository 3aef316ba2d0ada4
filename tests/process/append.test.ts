import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { auditBook } from '../../collector/store/audit.ts';
import { readAll, temporaryBook } from '../helpers.ts';
import { amount } from '../long.ts';

/** A writer process and the ids it has acknowledged. */
class Writer {
  readonly process: ChildProcess;
  readonly #ended: Promise<unknown>;
  #output = '';

  constructor(root: string, name: string, count: number, maxBytes: number) {
    const script = join(import.meta.dirname, 'writer.ts');
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    this.process = spawn(process.execPath, [script, root, name, String(count), String(maxBytes)], {
      stdio: [...stdio],
    });
    this.process.stdout!.setEncoding('latin1').on('data', (text: string) => {
      this.#output += text;
    });
    this.#ended = once(this.process, 'close');
  }

  get isReady(): boolean {
    return this.#output.length > 40;
  }

  async acknowledged(): Promise<string[]> {
    await this.#ended;
    const lines = this.#output.split('\n');
    lines.pop();
    return lines.slice(1);
  }
}

const linesEach = amount(250, 1500);
const kills = amount(12, 300);

describe('writers in processes of their own', () => {
  it('lose and tear nothing when eight append at once, and each keeps its order', async () => {
    const root = temporaryBook();
    const writers = Array.from(
      { length: 8 },
      (_, n) => new Writer(root, `w${n}`, linesEach, n % 2 === 0 ? 0 : 4000),
    );
    const acknowledged = await Promise.all(writers.map((writer) => writer.acknowledged()));
    const { records, findings, totals } = await readAll(root);
    expect(findings).toEqual([]);
    expect(totals).toMatchObject({ lines: 8 * linesEach, records: 8 * linesEach, broken: 0, repeated: 0 });
    for (const [n, ids] of acknowledged.entries()) {
      expect(records.filter((record) => record.type === `w${n}`).map((record) => record.snapshotId)).toEqual(
        ids,
      );
    }
  });

  it(`lose no acknowledged line in ${kills} kills of one of four, with lines up to 60 KB`, {
    timeout: 240_000,
  }, async () => {
    const root = temporaryBook();
    const running = Array.from({ length: 4 }, (_, n) => new Writer(root, `w${n}`, 1e6, 60_000));
    const ended: Promise<string[]>[] = [];
    for (let kill = 0; kill < kills; kill++) {
      const victim = kill % running.length;
      await until(() => running[victim]!.isReady);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 8));
      running[victim]!.process.kill('SIGKILL');
      ended.push(running[victim]!.acknowledged());
      running[victim] = new Writer(root, `r${kill}`, 1e6, 60_000);
    }
    for (const writer of running) {
      writer.process.kill('SIGKILL');
      ended.push(writer.acknowledged());
    }
    const acknowledged = (await Promise.all(ended)).flat();
    const found = new Set<string>();
    const { records, totals } = await readAll(root);
    for (const record of records) found.add(record.snapshotId);
    expect(acknowledged.length).toBeGreaterThan(kills);
    expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
    expect(records).toHaveLength(found.size);
    const audit = await auditBook(root);
    expect(audit.totals).toEqual(totals);
    // Every line that could not be read is accounted for, and is a trace of a kill of which nothing is missing.
    expect(totals.broken).toBe(0);
    expect(totals.records + totals.broken + totals.torn + totals.repeated + totals.blank).toBe(
      totals.lines + totals.joined,
    );
    expect(new Set(audit.findings.map((finding) => finding.code)).difference(killDamage)).toEqual(new Set());
  });
});

const killDamage = new Set(['torn-line', 'repeated-line']);

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 2));
}
