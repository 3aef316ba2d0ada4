import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openActionWriter } from '../../collector/store/action-writer.ts';
import { readActions } from '../../collector/store/log-reader.ts';
import type { HarmlessLine } from '../../collector/store/torn-lines.ts';
import { foreignLine, readAll, temporaryBook } from '../helpers.ts';

/** Lines of our own, as they stand in a log. */
async function ourLines(count: number, filler = 300): Promise<string[]> {
  const root = temporaryBook();
  const writer = openActionWriter(root);
  for (let n = 0; n < count; n++) writer.append({ type: `t${n}`, details: { filler: 'x'.repeat(filler) } });
  await writer.close();
  return readFileSync(join(root, 'snapshots/action_log.jsonl'), 'utf8').split('\n').slice(0, -1);
}

async function read(text: string) {
  const root = temporaryBook({ 'snapshots/action_log.jsonl': text });
  const harmless: HarmlessLine[] = [];
  await readActions(
    root,
    () => undefined,
    () => undefined,
    (line) => harmless.push(line),
  );
  const { records, findings, totals } = await readAll(root);
  return {
    types: records.map(({ type }) => type),
    said: findings.map(({ code, severity, line }) => `${severity} ${code} ${line}`),
    totals,
    keep: harmless.flatMap((line) => line.keep.map(String)),
  };
}

describe('a line whose writer was stopped', () => {
  it('is a note where the line glued to it stands again below, and where its own record does', async () => {
    const [a, b, c] = await ourLines(3);
    const glued = await read(`${a}\n${b!.slice(0, 200)}${c}\n\n${c}\n`);
    expect(glued).toMatchObject({ types: ['t0', 't2'], said: ['note torn-line 2'], keep: [] });
    expect(glued.totals).toMatchObject({ lines: 4, records: 2, repeated: 1, broken: 0, blank: 1 });
    const again = await read(`${a}\n${b!.slice(0, 200)}\n${b}\n${c}\n`);
    expect(again).toMatchObject({ types: ['t0', 't1', 't2'], said: ['note torn-line 2'] });
    const before = await read(`${b}\n${a}\n${b!.slice(0, 200)}\n`);
    expect(before).toMatchObject({ said: ['note torn-line 3'] });
  });

  it('is a note where several were, and where the second half of one stands apart from the first', async () => {
    const [a, b, c] = await ourLines(3);
    const both = `${a!.slice(0, 150)}${b!.slice(0, 120)}${c}\n${c}\n${a}\n${b}\n`;
    expect(await read(both)).toMatchObject({ types: ['t2', 't0', 't1'], said: ['note torn-line 1'] });
    const halves = `${a!.slice(0, 150)}${c}\n${a!.slice(150)}\n${c}\n${a}\n`;
    expect(await read(halves)).toMatchObject({ said: ['note torn-line 1', 'note torn-line 2'] });
  });

  it('is a note where the write was cut at the end of a block, and what is glued behind it is read', async () => {
    const [a, b, c] = await ourLines(3, 3000);
    const start = `${a}\n`;
    const cut = 4096 - start.length;
    const glued = await read(`${start}${b!.slice(0, cut)}${c}\n`);
    expect(glued).toMatchObject({ types: ['t0', 't2'], said: ['note torn-line 2'], keep: [c] });
    expect((await read(`${start}${b!.slice(0, cut)}`)).said).toEqual(['note torn-line 2']);
  });

  it('stays what it was where a record may be missing', async () => {
    const [a, b, c] = await ourLines(3);
    const altered = b!.replace('xxxx', 'xyxx');
    expect((await read(`${a}\n${altered}\n${c}\n`)).said).toEqual(['error bad-checksum 2']);
    expect((await read(`${a}\n${b!.slice(0, 200)}\n${c}\n`)).said).toEqual(['error broken-json 2']);
    expect((await read(`${a}\n${b!.slice(200)}\n${c}\n`)).said).toHaveLength(1);
    expect((await read(`${a}\n${b!.slice(0, 200)}${altered}\n${c}\n`)).said).toEqual([
      'error bad-checksum 2',
    ]);
    expect((await read(`${a}\n${b!.slice(0, 200)}`)).said).toEqual(['warning truncated 2']);
    // The start of the line glued behind the piece was altered: it is no piece of the record before it.
    expect((await read(`${a!.slice(0, 200)}${b!.replace('snap', 'snip')}\n${a}\n`)).said).toHaveLength(1);
    expect((await read(`${a!.slice(0, 200)}${b!.replace('snap', 'snip')}\n${a}\n`)).said[0]).toMatch(
      /^error/,
    );
  });

  it('of other writers is judged alike', async () => {
    const [a] = await ourLines(1);
    const id = 'action_20251222_022057_454421';
    const theirs = foreignLine({ id, type: 'theirs' }).replaceAll('":', '": ').replaceAll(',"', ', "');
    expect((await read(`${a}\n${theirs.slice(0, 120)}\n${theirs}\n`)).said).toEqual(['note torn-line 2']);
    expect((await read(`${a}\n${theirs.slice(0, 120)}\n`)).said).toEqual(['error broken-json 2']);
    expect((await read(`${theirs.slice(0, 120)}${a}\n${a}\n${theirs}\n`)).said).toEqual(['note torn-line 1']);
    // Records of others may share an id: another one of that id proves nothing, and takes nothing's place.
    const other = theirs.replace('theirs', 'others');
    expect((await read(`${a}\n${theirs.slice(0, 150)}\n${other}\n`)).said).toEqual(['error broken-json 2']);
    const glued = await read(`${a}\n${a!.slice(0, 150)}${theirs}\n${other}\n`);
    expect(glued).toMatchObject({
      types: ['t0', 'theirs', 'others'],
      said: ['note torn-line 2'],
      keep: [theirs],
    });
  });
});
