import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseGpuLine } from '../../../collector/operations/exec/samples/gpus.ts';
import { type SamplesWish, sampleTimeOf } from '../../../collector/operations/exec/samples/how-often.ts';
import { LinuxTree } from '../../../collector/operations/exec/samples/linux.ts';
import { PsTree } from '../../../collector/operations/exec/samples/ps.ts';
import { metricsOf, type Reading } from '../../../collector/operations/exec/samples/use.ts';
import { findMetricsPlace } from '../../../collector/operations/experiments/metrics-place.ts';
import { readBookRuns } from '../../../collector/operations/runs/find.ts';
import { temporaryBook, temporaryFolder } from '../../helpers.ts';

interface Given {
  parent: number;
  start?: number;
  name?: string;
  state?: string;
  ticks?: number;
  pages?: number;
  io?: [read: number, written: number];
}

/** A folder like Linux's /proc. */
function procFolder() {
  const root = temporaryFolder();
  const write = (name: string, content: string | Buffer) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  };
  write('meminfo', '');
  return {
    root,
    write,
    set(pid: number, given: Given) {
      const { parent, start = pid, name = 'python', state = 'S', ticks = 0, pages = 0, io } = given;
      const fields = [
        state,
        parent,
        1,
        1,
        0,
        -1,
        0,
        0,
        0,
        0,
        0,
        ticks,
        0,
        0,
        0,
        20,
        0,
        1,
        0,
        start,
        0,
        pages,
      ];
      write(`${pid}/stat`, `${pid} (${name}) ${fields.join(' ')} 0\n`);
      if (io !== undefined)
        write(
          `${pid}/io`,
          `rchar: 9\nwchar: 9\nread_bytes: ${io[0]}\nwrite_bytes: ${io[1]}\ncancelled_write_bytes: 7\n`,
        );
    },
    end: (pid: number) => rmSync(join(root, String(pid)), { recursive: true }),
  };
}

function auxv(pairs: [number, number][]): Buffer {
  const bytes = Buffer.alloc(pairs.length * 16);
  for (const [at, [kind, value]] of pairs.entries()) {
    bytes.writeBigUInt64LE(BigInt(kind), at * 16);
    bytes.writeBigUInt64LE(BigInt(value), at * 16 + 8);
  }
  return bytes;
}

describe('the processes of a command on Linux', () => {
  it('are the command and all that came from it, whatever they are called', () => {
    const proc = procFolder();
    proc.set(1, { parent: 0, ticks: 9999, pages: 9999 });
    proc.set(50, { parent: 1, ticks: 9999 });
    proc.set(100, { parent: 50, ticks: 150, pages: 10, io: [1000, 20] });
    proc.set(90, { parent: 110, name: 'a) S 1 (b', ticks: 30, pages: 5, io: [0, 5] });
    proc.set(110, { parent: 100, ticks: 20, pages: 1 });
    proc.set(120, { parent: 100, state: 'Z', ticks: 100 });
    expect(new LinuxTree(100, proc.root).read()).toEqual({
      processes: 3,
      memoryBytes: 16 * 4096,
      cpuSeconds: 3,
      readBytes: 1000,
      writtenBytes: 25,
    });
  });

  it('count in the units of the kernel, and tell nothing of the disk where that may not be read', () => {
    const proc = procFolder();
    proc.write(
      'self/auxv',
      auxv([
        [16, 1],
        [6, 65_536],
        [17, 1000],
        [0, 0],
      ]),
    );
    proc.set(100, { parent: 1, ticks: 500, pages: 2 });
    expect(new LinuxTree(100, proc.root).read()).toEqual({
      processes: 1,
      memoryBytes: 131_072,
      cpuSeconds: 0.5,
    });
  });

  it('stay theirs when their parent ends, and are none when their number goes to another', () => {
    const proc = procFolder();
    proc.set(1, { parent: 0 });
    proc.set(100, { parent: 1, ticks: 100 });
    proc.set(101, { parent: 100, ticks: 10 });
    const tree = new LinuxTree(100, proc.root);
    tree.read();
    proc.end(100);
    proc.set(101, { parent: 1, start: 101, ticks: 20 });
    proc.set(102, { parent: 101, ticks: 5 });
    expect(tree.read()).toMatchObject({ processes: 2, cpuSeconds: 0.25 });
    proc.set(101, { parent: 1, start: 777, ticks: 20 });
    proc.set(100, { parent: 1, start: 778, ticks: 20 });
    expect(tree.read()).toMatchObject({ processes: 1, cpuSeconds: 0.05 });
    proc.end(102);
    expect(tree.read()).toBeUndefined();
  });

  it('are found again in time where they got the number of a stranger', () => {
    const proc = procFolder();
    proc.set(100, { parent: 1 });
    proc.set(200, { parent: 1 });
    const tree = new LinuxTree(100, proc.root);
    tree.read();
    proc.set(200, { parent: 100, start: 999 });
    const counts = Array.from({ length: 13 }, () => tree.read()?.processes);
    expect(counts.at(-1)).toBe(2);
  });

  it('are looked for without end neither in a circle of parents nor in files cut short', () => {
    const proc = procFolder();
    proc.set(100, { parent: 1 });
    proc.set(300, { parent: 301 });
    proc.set(301, { parent: 300 });
    proc.write('400/stat', '400 (x) S 100');
    expect(new LinuxTree(100, proc.root).read()?.processes).toBe(1);
  });

  it('have a network, of which the loop of the machine to itself is left out', () => {
    const proc = procFolder();
    const head = 'Inter-|   Receive\n face |bytes\n';
    proc.write(
      '100/net/dev',
      `${head}    lo: 5 1 0 0 0 0 0 0 5 1 0 0 0 0 0 0\n  eth0:1000 1 0 0 0 0 0 0 70 1 0 0 0 0 0 0\n wlan0: 1 1 0 0 0 0 0 0 2 1 0 0 0 0 0 0\n`,
    );
    const machine = new LinuxTree(100, proc.root).readMachine();
    expect(machine).toMatchObject({ receivedBytes: 1001, sentBytes: 72 });
    expect(machine.freeMemoryBytes).toBeGreaterThan(0);
    expect(new LinuxTree(7, proc.root).readMachine().receivedBytes).toBeUndefined();
  });
});

describe('the processes of a command as ps lists them', () => {
  it('keep the time of those that are gone', async () => {
    const lists = [
      '    1     0   999 99:00\n  100     1  2048 00:01:02\n  101   100  1024 1-00:00:03\n',
      '    1     0   999 99:00\n  100     1  2048   1:02.50\n  300   101    1 0:09\n',
      'nothing of that kind',
    ];
    const tree = new PsTree(100, async () => lists.shift()!);
    expect(await tree.read()).toEqual({ processes: 2, memoryBytes: 3072 * 1024, cpuSeconds: 62 + 86_403 });
    expect(await tree.read()).toEqual({ processes: 1, memoryBytes: 2048 * 1024, cpuSeconds: 62.5 + 86_403 });
    expect(await tree.read()).toBeUndefined();
  });
});

describe('a sample', () => {
  const reading = (given: Partial<Reading>): Reading => ({
    atMs: 0,
    tree: undefined,
    machine: {},
    gpus: {},
    ...given,
  });

  it('says what grew by the second, and what is there as it is', () => {
    const before = reading({
      tree: { processes: 9, memoryBytes: 9, cpuSeconds: 10, readBytes: 0, writtenBytes: 5e6 },
      machine: { receivedBytes: 0, sentBytes: 100, freeMemoryBytes: 1 },
    });
    const now = reading({
      atMs: 4000,
      tree: { processes: 3, memoryBytes: 2.5e9, cpuSeconds: 18, readBytes: 8e6, writtenBytes: 5e6 },
      machine: { receivedBytes: 2e6, sentBytes: 50, freeMemoryBytes: 7e6 },
      gpus: { gpu0_percent: 97 },
    });
    expect(metricsOf(now, before)).toEqual({
      'system/cpu_percent': 200,
      'system/memory_mb': 2500,
      'system/processes': 3,
      'system/disk_read_mb_s': 2,
      'system/disk_write_mb_s': 0,
      'system/network_in_mb_s': 0.5,
      'system/network_out_mb_s': 0,
      'system/free_memory_mb': 7,
      'system/gpu0_percent': 97,
    });
  });

  it('leaves out what is not known', () => {
    const tree = { processes: 1, memoryBytes: 1e6, cpuSeconds: 1 };
    const known = { 'system/memory_mb': 1, 'system/processes': 1 };
    expect(metricsOf(reading({ atMs: 1000, tree }), reading({}))).toEqual(known);
    expect(metricsOf(reading({ tree }), reading({ tree }))).toEqual(known);
    expect(metricsOf(reading({ atMs: 1000 }), reading({ tree }))).toEqual({});
  });

  it.each([
    [
      '0, 97, 20000, 250.31, 71',
      { gpu0_percent: 97, gpu0_memory_mb: 20971.52, gpu0_power_w: 250.31, gpu0_temperature_c: 71 },
    ],
    ['12, 0, 1, [N/A], [Not Supported]', { gpu12_percent: 0, gpu12_memory_mb: 1.048576 }],
    ['No devices were found', {}],
    ['', {}],
  ])('takes of a card what nvidia-smi tells: %j', (line, values) => {
    expect(parseGpuLine(line)).toEqual(values);
  });
});

describe('how often the machine is sampled', () => {
  const often = 'title: A\nexec:\n  sample: 10s\n';
  const run = 'runs/a';

  it.each<
    [string, string, SamplesWish, { run: string | undefined; env: NodeJS.ProcessEnv }, number | undefined]
  >([
    ['not at all unless asked', '', undefined, { run, env: {} }, undefined],
    ['as was said', often, 2000, { run: undefined, env: { CI: 'true' } }, 2000],
    ['not at all where that was said', often, 'off', { run, env: {} }, undefined],
    ['as the book says', often, undefined, { run, env: { CI: 'false' } }, 10_000],
    ['as the book says only for runs', often, undefined, { run: undefined, env: {} }, undefined],
    ['as the book says only outside of CI', often, undefined, { run, env: { CI: '1' } }, undefined],
    [
      'as the book says only outside of Actions',
      often,
      undefined,
      { run, env: { GITHUB_ACTIONS: 'true' } },
      undefined,
    ],
    ['once where commands start others', often, undefined, { run, env: { DAYBOOK_ACTION: 'x' } }, undefined],
    [
      'not at all where the book makes no sense',
      'exec: {sample: 1ms}',
      undefined,
      { run, env: {} },
      undefined,
    ],
  ])('is %s', async (_, config, wish, given, expected) => {
    expect(await sampleTimeOf(temporaryBook({ 'daybook.yaml': config }), wish, given)).toBe(expected);
  });
});

describe('a file of samples', () => {
  const line = '{"time":"2026-11-27T08:00:00Z","system/cpu_percent":50}\n';

  it('is part of the run in its folder, also of a ledger', async () => {
    const record = { status: 'done', param_hash: null, files: {}, timestamp_status_lst: [] };
    const root = temporaryBook({
      'runs/a/metrics.jsonl': '{"loss":1}\n',
      'runs/a/system.metrics.jsonl': line,
      'r/metadata.json': JSON.stringify({
        train: { grid: { '000': record } },
        eval: { grid: { '000': record } },
      }),
      'r/grid/000/eval_system.metrics.jsonl': line,
    });
    const runs = await readBookRuns(root);
    expect(runs.map(({ key, metrics }) => [key, metrics])).toEqual(
      expect.arrayContaining([
        ['runs/a', { loss: 1, 'system/cpu_percent': 50 }],
        ['r:eval/grid/000', { 'system/cpu_percent': 50 }],
        ['r:train/grid/000', {}],
      ]),
    );
    expect(runs).toHaveLength(3);
  });

  it('is not where the metrics of a program go', async () => {
    const root = temporaryBook({ 'runs/a/system.metrics.jsonl': line });
    const place = await findMetricsPlace(root, 'runs/a', { cwd: root, env: {} });
    expect(place).toEqual({ run: 'runs/a', file: 'runs/a/metrics.jsonl' });
  });
});
