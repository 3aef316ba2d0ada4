import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { cacheFolder, copyOf, keptBook } from './books/kept.ts';
import type { bookSizes } from './books/make.ts';
import { takenByDaybook, timeDaybook, timeOf } from './processes.ts';
import { attempt, interleave, mib, printRows, progress, type Row, timeRow } from './report.ts';

const countByType = 'SELECT type, count(*) FROM actions GROUP BY type';
/**
 * How many times as long as an empty Node a command may take that appends, and one that asks for a part of a book; and one that
 * reads all, against reading. The last two are for large books: a small one is read in less time than a program needs to start.
 */
const [mostOfAction, mostOfPart, mostOfWhole] = [1.4, 2, 3];
const isLarge = (size: keyof typeof bookSizes) => size === 'L' || size === 'XL';
/** How much more memory a command that streams may take for this book than for the small one. */
const mostMemory = 1.5;

/** Commands on a whole book: against an empty Node what asks for a part of it, against reading its bytes what reads all. */
export async function benchBook(size: keyof typeof bookSizes = 'M', rounds = 5): Promise<boolean> {
  mkdirSync(join(cacheFolder, 'work'), { recursive: true });
  const folder = mkdtempSync(join(cacheFolder, 'work', 'book-'));
  try {
    const book = copyOf(keptBook(size), join(folder, 'book'), ['snapshots/action_log.jsonl']);
    const small = copyOf(keptBook('S'), join(folder, 'small'), []);
    // What has just been written is not remembered.
    await setTimeout(3000);
    const heads = await attempt(`commands on ${size}`, () => benchHeads(book, size, rounds));
    const wholes = await attempt(`what reads ${size} whole`, () => benchWholes(book, size));
    const memory = await attempt(`memory of commands on ${size}`, () => benchMemory(book, small));
    const action = await attempt(`action on ${size}`, () => benchAction(book, rounds * 3));
    const sized = (rows: Row[]) => rows.map((row) => ({ size, ...row }));
    return [
      printRows(
        `Commands on book ${size} against \`node -e 0\` (median of ${rounds})`,
        sized([...action, ...heads]),
      ),
      printRows(`What reads book ${size} whole (median of 3)`, sized([...wholes, ...memory])),
    ].every(Boolean);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What commands are asked that want a part of a book. */
function questions(book: string): Record<string, string[]> {
  const id = readdirSync(join(book, 'snapshots')).find((name) => name.startsWith('periodic_'))!;
  return {
    view: ['view', id.slice(0, -'.json'.length)],
    'view of an id that is not there': ['view', 'action_20200101_000000_000000_abcdef'],
    summary: ['summary'],
    'actions --type': ['actions', '20', '--type', 'deploy'],
    'actions --status': ['actions', '20', '--status', 'failed'],
    'actions --since': ['actions', '20', '--since', '1d'],
    'actions --grep': ['actions', '20', '--grep', 'failed'],
    runs: ['runs'],
    history: ['history', 'system_state.health'],
    latest: ['latest'],
    'doctor --quick': ['doctor', '--quick'],
    'query, a count by type': ['query', countByType],
  };
}

async function benchHeads(book: string, size: keyof typeof bookSizes, rounds: number): Promise<Row[]> {
  const asked = questions(book);
  // The first keeps what the next ones use.
  for (const [what, args] of Object.entries(asked)) {
    progress(`the first \`${what}\``);
    timeDaybook(book, args);
  }
  const things = Object.fromEntries(
    Object.entries(asked).map(([what, args]) => [what, () => timeDaybook(book, args)]),
  );
  const times: Record<string, number> = await interleave<string>(rounds, { ...things, floor });
  const rows: Row[] = [];
  for (const [what, args] of Object.entries(asked)) {
    const { mib } = await takenByDaybook(book, args);
    rows.push(
      timeRow(`\`${what}\``, times[what]!, times['floor']!, {
        // It loads a database, for questions that have any form.
        ...(isLarge(size) && !what.startsWith('query') && { limit: mostOfPart }),
        ...(mib !== undefined && { memory: { mib } }),
      }),
    );
  }
  return rows;
}

async function benchAction(book: string, rounds: number): Promise<Row[]> {
  const action = ['action', 'build', 'module=core', 'result=success', '--quiet'];
  const time = await interleave(rounds, { floor, action: () => timeDaybook(book, action) });
  const { mib } = await takenByDaybook(book, action);
  const memory = mib === undefined ? {} : { memory: { mib } };
  return [timeRow('`action`', time.action, time.floor, { limit: mostOfAction, ...memory })];
}

async function benchWholes(book: string, size: keyof typeof bookSizes): Promise<Row[]> {
  const read = (into: string) => () => timeOf('sh', ['-c', `${filesOf(book)} | xargs -0 cat ${into}`]);
  const snapshots = `cd '${join(book, 'snapshots')}' && cat *.json* | sha256sum`;
  const times = await interleave(3, {
    cat: read('> /dev/null'),
    sum: read('| sha256sum'),
    sumOfSnapshots: () => timeOf('sh', ['-c', snapshots]),
    doctor: () => timeDaybook(book, ['doctor']),
    all: () => timeDaybook(book, ['all', '--json']),
  });
  return [
    timeRow('`doctor`, against sha256sum of every file', times.doctor, times.sum, {
      ...(isLarge(size) && { limit: mostOfWhole }),
    }),
    timeRow('`doctor`, against cat of every file', times.doctor, times.cat),
    timeRow('`all --json`, against sha256sum of snapshots/', times.all, times.sumOfSnapshots),
  ];
}

async function benchMemory(book: string, small: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [what, limit] of [
    ['all --json', mostMemory],
    ['doctor', undefined],
  ] as const) {
    const ours = (await takenByDaybook(book, what.split(' '))).mib;
    const ofSmall = (await takenByDaybook(small, what.split(' '))).mib;
    if (ours === undefined || ofSmall === undefined) continue;
    const name = `memory of \`${what}\`, against the same on book S`;
    rows.push({
      what: name,
      ours: mib(ours),
      peer: mib(ofSmall),
      ratio: ours / ofSmall,
      ...(limit && { limit }),
    });
  }
  return rows;
}

const floor = () => timeOf(process.execPath, ['-e', '0']);

/** The files that somebody recorded, for xargs; what Daybook makes of them for itself is left out. */
function filesOf(book: string): string {
  return `find '${book}' -type f -not -path '*/.daybook/*' -not -path '*/dashboard/*' -print0`;
}
