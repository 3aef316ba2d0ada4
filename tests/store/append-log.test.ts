import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAppendLog } from '../../collector/store/append-log.ts';
import { temporaryFolder } from '../helpers.ts';

const line = (text: string) => Buffer.from(`${text}\n`);

describe('openAppendLog', () => {
  it.each(['os', 'batch', 'sync'] as const)(
    'appends lines in order with durability %s',
    async (durability) => {
      const path = join(temporaryFolder(), 'new', 'log.jsonl');
      const log = openAppendLog(path, durability);
      log.append(line('one'));
      await Promise.all(['two', 'three', 'four'].map((text) => log.appendShared(line(text))));
      await log.close();
      expect(readFileSync(path, 'utf8')).toBe('one\ntwo\nthree\nfour\n');
    },
  );

  it('appends again behind a newline when a dead neighbour swallowed the line', async () => {
    const path = join(temporaryFolder(), 'log.jsonl');
    writeFileSync(path, 'whole\n{"torn');
    const log = openAppendLog(path);
    log.append(line('ours'));
    log.append(line('next'));
    await log.close();
    expect(readFileSync(path, 'utf8')).toBe('whole\n{"tornours\n\nours\nnext\n');
  });

  it('finds its line among those that others append in the meantime, and sees when one of them was torn', async () => {
    const path = join(temporaryFolder(), 'log.jsonl');
    const log = openAppendLog(path);
    log.append(line('a'));
    appendFileSync(path, `${'neighbour '.repeat(60_000)}\n`);
    log.append(line('b'));
    appendFileSync(path, 'torn');
    log.append(line('c'));
    await log.close();
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines.filter((one) => ['a', 'b', 'c'].includes(one))).toEqual(['a', 'b', 'c']);
    expect(lines).toContain('tornc');
  });

  it('shares one flush among calls that wait together', async () => {
    const path = join(temporaryFolder(), 'log.jsonl');
    const log = openAppendLog(path, 'sync');
    const order: number[] = [];
    await Promise.all([0, 1, 2, 3].map((n) => log.appendShared(line(String(n))).then(() => order.push(n))));
    await log.appendShared(line('later'));
    expect(order).toEqual([0, 1, 2, 3]);
    await log.close();
    expect(readFileSync(path, 'utf8')).toBe('0\n1\n2\n3\nlater\n');
  });

  it('says in one sentence that a log cannot be written', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    expect(() => openAppendLog(join(folder, 'file', 'log.jsonl'))).toThrow(/cannot be written/);
  });
});
