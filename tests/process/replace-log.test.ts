import { appendFileSync, mkdirSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { replacedPrefix } from '../../collector/base/temporary-name.ts';
import { actionLogPath, snapshotsFolder } from '../../collector/store/layout.ts';
import { listReplaced, takeInReplaced } from '../../collector/store/replaced-log.ts';
import { readAll, temporaryBook } from '../helpers.ts';
import { amount } from '../long.ts';
import { pause, SayingProcess } from './saying-process.ts';

const kills = Number(process.env['DAYBOOK_TEST_KILLS'] ?? amount(6, 60));

describe.each([
  ['replaced', 'replacer.ts', '9000'],
  ['repaired', 'repairer.ts', '60000'],
])('a log that is %s again and again', (_, script, maxBytes) => {
  it(
    `loses no acknowledged line in ${kills} kills of writers and of who does it`,
    {
      timeout: 60_000 + kills * 1000,
    },
    () => hammer(script, maxBytes),
  );
});

async function hammer(script: string, maxBytes: string): Promise<void> {
  const isRepair = script === 'repairer.ts';
  const root = temporaryBook();
  const log = actionLogPath(root);
  mkdirSync(snapshotsFolder(root), { recursive: true });
  appendFileSync(log, '');
  const writer = (name: string) => new SayingProcess('writer.ts', root, name, '1000000', maxBytes, '3');
  const writers = [0, 1, 2].map((number) => writer(`w${number}`));
  // The second has the log open for a while only: the one who keeps it open keeps every file that was replaced since.
  const foreign = isRepair
    ? [
        new SayingProcess('tearer.ts', log),
        new SayingProcess('foreign-writer.ts', log, 'again', '1000000', 'again'),
      ]
    : [
        new SayingProcess('foreign-writer.ts', log, 'again', '1000000', 'again'),
        new SayingProcess('foreign-writer.ts', log, 'open', '300', 'open'),
      ];
  let replacer = new SayingProcess(script, root);
  const ended: Promise<string[]>[] = [];
  const replaced: Promise<string[]>[] = [];
  for (let kill = 0; kill < kills; kill++) {
    if (kill % 3 === 2) {
      await replacer.hasSaid(2);
      await pause(Math.random() * 200);
      replacer.kill();
      replaced.push(replacer.said());
      replacer = new SayingProcess(script, root);
    } else {
      const victim = kill % writers.length;
      await writers[victim]!.hasSaid(2);
      await pause(Math.random() * 40);
      writers[victim]!.kill();
      ended.push(writers[victim]!.said());
      writers[victim] = writer(`r${kill}`);
    }
  }
  for (const one of [replacer, ...writers, ...foreign]) one.kill();
  ended.push(...[...writers, ...foreign].map((one) => one.said()));
  const replacements = (await Promise.all([...replaced, replacer.said()])).flat().length;
  const acknowledged = (await Promise.all(ended)).flat();

  for (const { path, ...replaced } of listReplaced(snapshotsFolder(root))) {
    await takeInReplaced(log, { path, ...replaced }, { whenUnsure: 'drop' });
  }
  const { records, totals } = await readAll(root);
  const found = new Set(records.map((record) => record.snapshotId));
  console.info(
    `${kills} kills, ${replacements} replacements, ${acknowledged.length} acknowledged lines, repeated ${totals.repeated}, broken ${totals.broken}`,
  );
  expect(replacements).toBeGreaterThan(kills / 4);
  expect(acknowledged.length).toBeGreaterThan(kills * 2);
  expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
  expect(readdirSync(snapshotsFolder(root)).filter((name) => name.startsWith(replacedPrefix))).toEqual([]);
}
