import {
  appendFileSync,
  chmodSync,
  closeSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAppendLog } from '../../collector/store/append-log.ts';
import { finishReplacements, replaceLog } from '../../collector/store/replace-log.ts';
import { listReplaced, replacedPathFor } from '../../collector/store/replaced-log.ts';
import { temporaryBook } from '../helpers.ts';

function bookWithLog(text: string): { root: string; log: string; folder: string } {
  const root = temporaryBook({ 'snapshots/action_log.jsonl': text });
  return { root, log: join(root, 'snapshots/action_log.jsonl'), folder: join(root, 'snapshots') };
}

const remove = (offset: number, text: string) => ({
  offset,
  bytes: Buffer.from(text),
  replacement: Buffer.alloc(0),
});

const drop = 'drop' as const;

describe('replaceLog', () => {
  it('makes the edits, keeps every other byte and the rights of the file, and leaves nothing beside it', async () => {
    const { root, log, folder } = bookWithLog('one\r\ntorn\n\n\xff two\nthree\n');
    chmodSync(log, 0o640);
    const edits = [
      { offset: 15, bytes: Buffer.from('three\n'), replacement: Buffer.from('four\nfive\n') },
      remove(5, 'torn\n'),
    ];
    const before = readFileSync(log);
    edits[0]!.offset = before.indexOf('three');
    expect(await replaceLog(root, log, () => Promise.resolve(edits), drop)).toEqual({ edits: 2, openIn: [] });
    expect(readFileSync(log, 'latin1')).toBe(
      before.toString('latin1').replace('torn\n', '').replace('three\n', 'four\nfive\n'),
    );
    expect(statSync(log).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['action_log.jsonl']);
  });

  it('leaves the log as it is where nothing is to be changed, or other bytes stand there', async () => {
    const { root, log } = bookWithLog('one\ntwo\n');
    const { ino } = statSync(log);
    expect(await replaceLog(root, log, () => Promise.resolve([]))).toEqual({ edits: 0, openIn: [] });
    await expect(replaceLog(root, log, () => Promise.resolve([remove(0, 'two\n')]))).rejects.toThrow(
      /changed 3 times/,
    );
    expect(statSync(log).ino).toBe(ino);
    expect(readFileSync(log, 'utf8')).toBe('one\ntwo\n');
  });

  it('brings along what is appended while it works, no matter who has the file open', async () => {
    const { root, log, folder } = bookWithLog('torn\none\n');
    const ours = openAppendLog(log);
    const foreign = openSync(log, 'a');
    const find = () => {
      // Appended after the edits were found and before the exchange: no whole line yet.
      writeSync(foreign, 'half ');
      return Promise.resolve([remove(0, 'torn\n')]);
    };
    const { openIn } = await replaceLog(root, log, find, drop);
    expect(openIn).toEqual([process.pid]);
    ours.append(Buffer.from('ours\n'));
    await ours.close();
    writeSync(foreign, 'a line\n');
    expect(readFileSync(log, 'utf8')).toContain('ours\n');
    await finishReplacements(root, folder);
    expect(listReplaced(folder)).toHaveLength(1);
    writeSync(foreign, 'late\n');
    closeSync(foreign);
    expect((await replaceLog(root, log, () => Promise.resolve([]), drop)).edits).toBe(0);
    expect(readFileSync(log, 'utf8').split('\n').filter(Boolean).sort()).toEqual(
      ['a line', 'half ', 'late', 'one', 'ours'].sort(),
    );
    expect(listReplaced(folder)).toEqual([]);
  });
});

describe('finishReplacements', () => {
  it('forgets an exchange that did not happen', async () => {
    const { root, log, folder } = bookWithLog('one\n');
    linkSync(log, replacedPathFor(log, 4, Date.now()).path);
    await finishReplacements(root, folder);
    expect(readdirSync(folder)).toEqual(['action_log.jsonl']);
    expect(readFileSync(log, 'utf8')).toBe('one\n');
  });

  it('takes in what was appended before the exchange and not copied, once, and nothing that was left out', async () => {
    const { root, log, folder } = bookWithLog('torn\none\n');
    const hour = 60 * 60 * 1000;
    const replaced = replacedPathFor(log, 9, Date.now() - hour - 1000);
    linkSync(log, replaced.path);
    appendFileSync(log, 'acknowledged\nours\n');
    writeFileSync(join(folder, 'new'), 'one\n');
    renameSync(join(folder, 'new'), log);
    appendFileSync(log, 'ours\n');
    await finishReplacements(root, folder);
    expect(readFileSync(log, 'utf8')).toBe('one\nours\nacknowledged\n');
    // It has waited for an hour: who nothing is known of has no claim any more.
    expect(readdirSync(folder)).toEqual(['action_log.jsonl']);
  });
});

describe('openAppendLog', () => {
  it('follows a log that git or a rotation replaced, and appends again what it wrote to the file without a name', async () => {
    const { log, folder } = bookWithLog('one\n');
    const writer = openAppendLog(log);
    writer.append(Buffer.from('two\n'));
    writeFileSync(join(folder, 'pulled'), 'one\ntwo\nfrom another clone\n');
    renameSync(join(folder, 'pulled'), log);
    for (let number = 0; number < 200; number++) writer.append(Buffer.from(`${number}\n`));
    rmSync(log);
    for (let number = 200; number < 400; number++) writer.append(Buffer.from(`${number}\n`));
    await writer.close();
    const numbers = readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => /^\d+$/.test(line));
    expect(numbers.slice(-200)).toEqual(Array.from({ length: 200 }, (_, number) => String(number + 200)));
  });
});
