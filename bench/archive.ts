import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { cacheFolder, keptBook, made } from './books/kept.ts';
import { writeLog } from './books/log.ts';
import { bookSizes } from './books/make.ts';
import { takenByDaybook, timeDaybook, timeOf } from './processes.ts';
import { attempt, interleave, mb, printRows, type Row, timeRow } from './report.ts';

/** How much more a log in many files may cost than the same lines in one. */
const mostOfMonths = 1.1;
const years = 10;

/** Archiving a book, and reading ten years of monthly files, against one file of the same lines. */
export async function benchArchive(size: 'M' | 'L'): Promise<boolean> {
  mkdirSync(join(cacheFolder, 'work'), { recursive: true });
  const folder = mkdtempSync(join(cacheFolder, 'work', 'archive-'));
  const { lines } = bookSizes[size];
  const ofYears = `${lines.toLocaleString('en-US')} lines of ${years} years`;
  try {
    const archive = await attempt(`archiving ${size}`, () => benchArchiving(folder, keptBook(size)));
    const months = await attempt(`reading ${ofYears}`, () => benchMonths(folder, size));
    const sized = (rows: Row[]) => rows.map((row) => ({ size, ...row }));
    return [
      printRows(`Archiving book ${size}`, sized(archive)),
      printRows(`Reading ${ofYears} in monthly files, against one file (median of 3)`, sized(months)),
    ].every(Boolean);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchArchiving(folder: string, book: string): Promise<Row[]> {
  const [plain, copy] = [join(folder, 'plain'), join(folder, 'copy')];
  for (const target of [plain, copy])
    cpSync(join(book, 'snapshots'), join(target, 'snapshots'), { recursive: true, preserveTimestamps: true });
  const packed = timeOf('sh', ['-c', `cd '${join(copy, 'snapshots')}' && cat *.json* | gzip -6 >/dev/null`]);
  const before = bytesIn(copy);
  const { ms, mib } = await takenByDaybook(copy, ['archive', '--keep', '0']);
  const after = bytesIn(copy);
  await setTimeout(3000);
  const time = await interleave(3, {
    archived: () => timeDaybook(copy, ['doctor']),
    plain: () => timeDaybook(plain, ['doctor']),
  });
  return [
    timeRow('`archive`, read back and compared, against `gzip -6` of the same bytes', ms, packed, {
      ...(mib !== undefined && { memory: { mib } }),
    }),
    { what: 'bytes of snapshots/ after it', ours: mb(after), peer: mb(before), ratio: after / before },
    timeRow('`doctor` of what is archived, against the same not archived', time.archived, time.plain),
  ];
}

async function benchMonths(folder: string, size: 'M' | 'L'): Promise<Row[]> {
  const kept = made(`years-${size}`, (root) => writeYears(root, bookSizes[size].lines));
  const books = { months: join(folder, 'months'), one: join(folder, 'one') };
  for (const [name, book] of Object.entries(books)) cpSync(join(kept, name), book, { recursive: true });
  const forget = () => {
    for (const book of Object.values(books)) rmSync(join(book, '.daybook'), { recursive: true, force: true });
  };
  await setTimeout(3000);
  const rows: Row[] = [];
  for (const [what, args, isFirst] of [
    ['`summary`, the first', ['summary'], true],
    ['`doctor`', ['doctor'], false],
    ['`actions --grep` of a text that is not there', ['actions', '20', '--grep', 'no such words'], false],
  ] as const) {
    if (isFirst) forget();
    else for (const book of Object.values(books)) timeDaybook(book, args);
    const ask = (book: string) => () => {
      if (isFirst) forget();
      return timeDaybook(book, args);
    };
    const time = await interleave(3, { months: ask(books.months), one: ask(books.one) });
    const { mib } = await takenByDaybook(books.months, args);
    const memory = mib === undefined ? {} : { memory: { mib } };
    rows.push(timeRow(what, time.months, time.one, { limit: mostOfMonths, ...memory }));
  }
  return rows;
}

/** The same lines twice: a file for each month, and all in one. */
function writeYears(root: string, lines: number): void {
  const [months, one] = [join(root, 'months', 'snapshots'), join(root, 'one', 'snapshots')];
  for (const folder of [months, one]) mkdirSync(folder, { recursive: true });
  writeLog(join(root, 'months'), { lines, days: years * 365, monthly: true, runs: [] });
  const names = readdirSync(months).sort();
  if (names.length < years * 12 - 2)
    throw new Error(`Expected ${years * 12} monthly files, found ${names.length}.`);
  const { status, stderr } = spawnSync('sh', [
    '-c',
    `cd '${months}' && cat ${names.join(' ')} > '${one}/action_log.jsonl'`,
  ]);
  if (status !== 0) throw new Error(String(stderr));
}

function bytesIn(book: string): number {
  const { stdout } = spawnSync('sh', ['-c', `cd '${join(book, 'snapshots')}' && cat *.json* | wc -c`], {
    encoding: 'utf8',
  });
  return Number(stdout);
}
