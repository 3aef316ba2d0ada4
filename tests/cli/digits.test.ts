import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryBook } from '../helpers.ts';
import { run } from './run.ts';

/** Numbers that a double does not hold, or that JavaScript would spell otherwise. */
const numbers = '"id":9007199254740993,"x":1e400,"f":0.1234567890123456789012345,"z":-0.0,"one":1.0,"e":1E5';
const details = `{${numbers},"list":[[12345678901234567890]]}`;
const bare = (text: string) => text.replace(/\s/g, '');

const book = () =>
  temporaryBook({
    'daybook.yaml':
      'probes:\n  - {name: asjson, file: d.json}\n  - {name: asyaml, file: d.yaml}\n  - {name: printed, command: cat d.json}\n',
    'd.json': details,
    'd.yaml':
      'id: 9007199254740993\nlist: [[12345678901234567890]]\nf: 0.1234567890123456789012345\none: 1.0\nhex: 0x20000000000001\n',
  });

describe('numbers keep their characters', () => {
  it('in actions, however they come, in their blobs, and where they are shown', async () => {
    const root = book();
    const big = `{"pad":"${'x'.repeat(70_000)}",${numbers}}`;
    await run(root, ['action', 'words', details]);
    await run(root, ['action', 'input', '-'], { input: details });
    await run(root, ['action', 'pairs', 'id=12345678901234567890', 'one=1.0', 'z=-0.0', 'o={"a":[1E5]}']);
    await run(root, ['action', 'large', '-'], { input: big });
    const lines = `{"type":"a","details":${details}}\n{"action":{"type":"b","details":[1.0,-0.0]}}\n`;
    await run(root, ['action', '--batch'], { input: lines });
    const log = readFileSync(join(root, 'snapshots/action_log.jsonl'), 'utf8');
    expect(log.split(`"details":${details}`)).toHaveLength(4);
    expect(log).toContain('"details":{"id":12345678901234567890,"one":1.0,"z":-0.0,"o":{"a":[1E5]}}');
    expect(log).toContain('"details":[1.0,-0.0]');
    const [blob] = globSync('snapshots/blobs/*.json', { cwd: root });
    expect(readFileSync(join(root, blob!), 'utf8')).toBe(big);
    const listed = await run(root, ['actions', '--json']);
    expect(bare(listed.out).split(`"details":${details}`)).toHaveLength(4);
    const id = /"snapshot_id": "([^"]+)",(?:(?!snapshot_id)[\s\S])*"type": "words"/.exec(listed.out)![1]!;
    const shown = (await run(root, ['view', id])).out;
    for (const number of ['9007199254740993', '1e400', '0.1234567890123456789012345', '-0.0', '1.0', '1E5'])
      expect(shown.split(/\s+/)).toContain(number);
    expect((await run(root, ['verify'])).exitCode).toBe(0);
  });

  it('in probes of JSON and YAML and in periodic snapshots, whose difference is in the last digit', async () => {
    const root = book();
    await run(root, ['periodic']);
    const [first] = globSync('snapshots/periodic_*.json', { cwd: root });
    const taken = bare(readFileSync(join(root, first!), 'utf8'));
    expect(taken).toContain(`"asjson":${details}`);
    expect(taken).toContain(`"printed":${details}`);
    expect(taken).toContain(
      '"asyaml":{"id":9007199254740993,"list":[[12345678901234567890]],"f":0.1234567890123456789012345,"one":1.0,"hex":9007199254740993}',
    );
    for (const file of ['d.json', 'd.yaml'])
      writeFileSync(join(root, file), readFileSync(join(root, file), 'utf8').replace('993', '992'));
    await run(root, ['periodic']);
    const names = globSync('snapshots/periodic_*.json', { cwd: root }).sort();
    const { out, exitCode } = await run(root, ['diff', ...names]);
    expect(exitCode).toBe(4);
    expect(out.match(/id {2}9007199254740993 → 9007199254740992 {2}−1\n/g)).toHaveLength(3);
    const history = await run(root, ['history', 'asjson.id']);
    expect(history.out).toMatch(/9007199254740992 {2}−1/);
  });

  it('in files that are compared, also between JSON and YAML', async () => {
    const root = book();
    writeFileSync(join(root, 'a.json'), '{"id":9007199254740993,"n":1.0}');
    writeFileSync(join(root, 'b.json'), '{"id":9007199254740992,"n":1}');
    writeFileSync(join(root, 'c.yaml'), 'id: 9007199254740993\nn: 1\n');
    const { exitCode, out } = await run(root, ['diff', 'a.json', 'b.json']);
    expect(exitCode).toBe(4);
    expect(out).toContain('9007199254740993 → 9007199254740992');
    // 1.0 and 1 are one number.
    expect(out).not.toMatch(/^ *n /m);
    expect((await run(root, ['diff', 'a.json', 'c.yaml'])).exitCode).toBe(0);
    const patch = await run(root, ['diff', 'a.json', 'b.json', '--json']);
    expect(bare(patch.out)).toContain('"before":9007199254740993,"after":9007199254740992');
  });

  it('in versions: saved, read, as deltas, compared, exported and imported', async () => {
    const root = book();
    await run(root, ['store', 'save', 'd.json', '--name', 'v1']);
    writeFileSync(join(root, 'd.json'), details.replace('993', '994').replace('1.0', '1.00'));
    await run(root, ['store', 'delta', 'd.json', '--base', 'v1', '--name', 'v2']);
    expect(bare((await run(root, ['store', 'get', 'v1'])).out)).toBe(details);
    expect(bare((await run(root, ['store', 'get', 'v2'])).out)).toBe(
      details.replace('993', '994').replace('1.0', '1.00'),
    );
    const compared = await run(root, ['store', 'compare', 'v1', 'v2']);
    expect(compared.out).toMatch(/1 difference\n[\s\S]*9007199254740993 → 9007199254740994/);
    await run(root, ['store', 'export', 'v2', '--out', 'v2.json']);
    await run(root, ['store', 'export', '--all', '--out', 'all.tgz']);
    for (const file of ['v2.json', 'all.tgz']) {
      const other = book();
      writeFileSync(join(other, file), readFileSync(join(root, file)));
      expect((await run(other, ['store', 'import', file])).exitCode).toBe(0);
      expect(bare((await run(other, ['store', 'get', 'v2'])).out)).toBe(
        details.replace('993', '994').replace('1.0', '1.00'),
      );
    }
  });

  it('in experiments and the ledger, whose condition tells the last digit apart', async () => {
    const root = book();
    await run(root, ['experiment', 'start', 'runs/a', '--config', 'd.json']);
    const [file] = globSync('runs/a/**/experiment_daybook.json', { cwd: root });
    expect(bare(readFileSync(join(root, file!), 'utf8'))).toContain(`"config":${details}`);
    const where = (digits: string) => run(root, ['runs', '--where', `id = ${digits}`, '--json']);
    expect(JSON.parse((await where('9007199254740993')).out)).toHaveLength(1);
    expect(JSON.parse((await where('9007199254740992')).out)).toHaveLength(0);
  });
});
