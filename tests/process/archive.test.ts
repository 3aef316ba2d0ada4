import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isSegmentName } from '../../collector/formats/actions/segment.ts';
import { actionLogPath, snapshotsFolder } from '../../collector/store/layout.ts';
import { listReplaced, takeInReplaced } from '../../collector/store/replaced-log.ts';
import { dropArchivedLines } from '../../collector/store/segments/archive-log.ts';
import { readAll, temporaryBook } from '../helpers.ts';
import { amount } from '../long.ts';
import { pause, SayingProcess } from './saying-process.ts';

const kills = Number(process.env['DAYBOOK_TEST_KILLS'] ?? amount(6, 60));

it(`loses no line and has none twice in ${kills} kills of who archives and who appends`, {
  timeout: 120_000 + kills * 2500,
}, async () => {
  const root = temporaryBook();
  const log = actionLogPath(root);
  mkdirSync(snapshotsFolder(root), { recursive: true });
  appendFileSync(log, '');
  const archivers: SayingProcess[] = [new SayingProcess('archiver.ts', root)];
  const writer = (name: string) => new SayingProcess('writer.ts', root, name, '1000000', '3000', '2');
  const writers = [writer('a'), writer('b')];
  for (let kill = 0; kill < kills; kill++) {
    if (kill % 4 === 3) {
      await writers.at(-1)!.hasSaid(3);
      writers.at(-1)!.kill();
      writers.push(writer(`w${kill}`));
    } else {
      await archivers.at(-1)!.hasSaid(1);
      await pause(Math.random() * 150);
      archivers.at(-1)!.kill();
      archivers.push(new SayingProcess('archiver.ts', root));
    }
  }
  await archivers.at(-1)!.hasSaid(2);
  for (const one of [...archivers, ...writers]) one.kill();
  const acknowledged = (await Promise.all(writers.map((one) => one.said()))).flat();
  await Promise.all(archivers.map((one) => one.said()));

  const isKilled = readdirSync(snapshotsFolder(root)).filter((name) => isSegmentName(name));
  for (const replaced of listReplaced(snapshotsFolder(root)))
    await takeInReplaced(log, replaced, { whenUnsure: 'drop' });
  const before = await ids(root);
  await dropArchivedLines(root);
  const after = await ids(root);
  const { totals, findings } = await readAll(root);
  console.info(
    `${kills} kills, ${isKilled.length} segments, ${acknowledged.length} acknowledged lines, ${totals.repeated} repeated, ${totals.broken} broken`,
  );
  expect(isKilled.length).toBeGreaterThan(kills / 8);
  expect(acknowledged.length).toBeGreaterThan(kills);
  const found = new Set(after);
  expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
  expect(found.size).toBe(after.length);
  expect(after.sort()).toEqual(before.sort());
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(linesInBoth(root)).toEqual([]);
});

async function ids(root: string): Promise<string[]> {
  return (await readAll(root)).records.map(({ snapshotId }) => snapshotId);
}

/** Lines that stand in the log and in a segment, looked up by hand. */
function linesInBoth(root: string): string[] {
  const { zstdDecompressSync } = process.getBuiltinModule('node:zlib');
  const archived = new Set<string>();
  for (const name of readdirSync(snapshotsFolder(root)).filter(isSegmentName))
    for (const line of zstdDecompressSync(readFileSync(join(snapshotsFolder(root), name)))
      .toString()
      .split('\n'))
      if (line !== '') archived.add(line);
  return readFileSync(actionLogPath(root), 'utf8')
    .split('\n')
    .filter((line) => archived.has(line));
}
