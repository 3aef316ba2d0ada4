import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { bookSizes, makeBook } from './books/make.ts';
import { interleave, ms, printRows, type Row } from './report.ts';

const bundle = join(import.meta.dirname, '..', 'dist', 'daybook.cjs');
const countByType = 'SELECT type, count(*) FROM actions GROUP BY type';

/** Commands on a whole book: against an empty Node what asks for a part of it, against reading its bytes what reads all. */
export async function benchBook(size: keyof typeof bookSizes = 'M'): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  const book = join(folder, 'book');
  try {
    makeBook(book, bookSizes[size]);
    // What has just been written is not remembered.
    await setTimeout(3000);
    const rounds = 3;
    const heads = await benchHeads(book, rounds);
    const wholes = await benchWholes(book, rounds);
    const archive = await benchArchive(folder, book);
    return [
      printRows(`Commands on book ${size} against \`node -e 0\` (median of ${rounds})`, heads),
      printRows(`What reads book ${size} whole, against sha256sum of its snapshots/`, wholes),
      printRows(`Archiving book ${size}`, archive),
    ].every(Boolean);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchHeads(book: string, rounds: number): Promise<Row[]> {
  const id = readdirSync(join(book, 'snapshots')).find((name) => name.startsWith('periodic_'))!;
  const asked: Record<string, string[]> = {
    view: ['view', id.slice(0, -'.json'.length)],
    'view of an id that is not there': ['view', 'action_20200101_000000_000000_abcdef'],
    'actions --type': ['actions', '20', '--type', 'deploy'],
    'actions --status': ['actions', '20', '--status', 'failed'],
    'actions --since': ['actions', '20', '--since', '1d'],
    'actions --grep': ['actions', '20', '--grep', 'failed'],
    history: ['history', 'system_state.health'],
    latest: ['latest'],
    'doctor --quick': ['doctor', '--quick'],
    'query, a count by type': ['query', countByType],
  };
  // The first keeps what the next ones use.
  for (const args of Object.values(asked)) daybook(book, args);
  const things = Object.fromEntries(
    Object.entries(asked).map(([what, args]) => [what, () => daybook(book, args)]),
  );
  const floor = () => timeOf(process.execPath, ['-e', '0']);
  const times: Record<string, number> = await interleave<string>(rounds, { ...things, floor });
  return Object.keys(asked).map((what) => row(`\`${what}\``, times[what]!, times['floor']!));
}

async function benchWholes(book: string, rounds: number): Promise<Row[]> {
  const read = `cd '${join(book, 'snapshots')}' && cat *.json* | sha256sum`;
  const times = await interleave(rounds, {
    sum: () => timeOf('sh', ['-c', read]),
    doctor: () => daybook(book, ['doctor']),
    all: () => daybook(book, ['all', '--json']),
  });
  return [
    { ...row('`doctor`', times.doctor, times.sum), limit: 3 },
    row('`all --json`', times.all, times.sum),
  ];
}

async function benchArchive(folder: string, book: string): Promise<Row[]> {
  const copy = join(folder, 'copy');
  cpSync(book, copy, { recursive: true, preserveTimestamps: true });
  rmSync(join(copy, '.daybook'), { recursive: true, force: true });
  const packed = timeOf('sh', ['-c', `cd '${join(copy, 'snapshots')}' && cat *.json* | gzip -6 >/dev/null`]);
  const before = bytesIn(copy);
  const archived = daybook(copy, ['archive', '--keep', '0']);
  const after = bytesIn(copy);
  await setTimeout(3000);
  const time = await interleave(3, {
    archived: () => daybook(copy, ['doctor']),
    plain: () => daybook(book, ['doctor']),
  });
  return [
    row('`archive`, read back and compared, against `gzip -6` of the same bytes', archived, packed),
    { what: 'bytes of snapshots/ after it', ours: mb(after), peer: mb(before), ratio: after / before },
    row('`doctor` of what is archived, against the same not archived', time.archived, time.plain),
  ];
}

function row(what: string, ours: number, peer: number): Row {
  return { what, ours: ms(ours), peer: ms(peer), ratio: ours / peer };
}

function daybook(book: string, args: string[]): number {
  return timeOf(process.execPath, [bundle, ...args, '--dir', book], [0, 3, 4]);
}

function timeOf(program: string, args: string[], expected = [0]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 30 });
  const time = performance.now() - start;
  if (!expected.includes(status ?? -1)) throw new Error(`${args.join(' ')}: ${stderr}`);
  return time;
}

function bytesIn(book: string): number {
  const { stdout } = spawnSync('sh', ['-c', `cd '${join(book, 'snapshots')}' && cat *.json* | wc -c`], {
    encoding: 'utf8',
  });
  return Number(stdout);
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
