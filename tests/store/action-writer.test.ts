import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { maxLineBytes } from '../../collector/formats/actions/action.ts';
import { type ActionWriterOptions, openActionWriter } from '../../collector/store/action-writer.ts';
import { resolveDetails } from '../../collector/store/blobs.ts';
import { readAll, temporaryBook } from '../helpers.ts';

const frozen = { nowUs: () => 1766370057454420 };

async function write(
  root: string,
  actions: Parameters<ReturnType<typeof openActionWriter>['append']>[0][],
  options?: ActionWriterOptions,
) {
  const writer = openActionWriter(root, options);
  const lines = actions.map((action) => writer.append(action));
  await writer.close();
  return lines;
}

describe('openActionWriter', () => {
  it('writes the keys of the original, then its own', async () => {
    const root = temporaryBook();
    const [line] = await write(root, [{ type: 'deploy', details: { target: 'production' } }], {
      clock: frozen,
    });
    expect(line).toEqual({
      snapshot_id: expect.stringMatching(/^action_20251222_022057_454420_[0-9a-f]{6}$/),
      snapshot_type: 'action',
      timestamp: '2025-12-22T02:20:57.454420Z',
      metadata: { generated_by: 'daybook', version: expect.any(String) },
      action: {
        type: 'deploy',
        status: 'completed',
        started_at: '2025-12-22T02:20:57.454420Z',
        details: { target: 'production' },
      },
      checksum: expect.stringMatching(/^crc32:[0-9a-f]{8}$/),
    });
    expect(JSON.parse(readFileSync(join(root, 'snapshots/action_log.jsonl'), 'utf8'))).toEqual(line);
  });

  it('gives two actions of one microsecond different ids', async () => {
    const root = temporaryBook();
    const lines = await write(
      root,
      Array.from({ length: 500 }, () => ({ type: 't' })),
      { clock: frozen },
    );
    expect(new Set(lines.map((line) => line.snapshot_id)).size).toBe(500);
    expect((await readAll(root)).records).toHaveLength(500);
  });

  it('puts details that do not fit a line of 64 KiB into a blob, to the byte', async () => {
    const root = temporaryBook();
    const [small] = await write(root, [{ type: 't', details: '' }], { clock: frozen });
    const frame = Buffer.byteLength(JSON.stringify(small)) + 1;
    const fits = 'x'.repeat(maxLineBytes - frame);
    await write(
      root,
      [
        { type: 't', details: fits },
        { type: 't', details: `${fits}x` },
      ],
      { clock: frozen },
    );
    const { records } = await readAll(root);
    expect(records[1]!.details).toBe(fits);
    expect(records[2]!.details).toMatchObject({
      $blob: expect.stringMatching(/^sha256:/),
      bytes: fits.length + 3,
    });
    expect(resolveDetails(root, records[2]!.details)).toEqual({ details: `${fits}x` });
  });

  it('tells a missing blob from a damaged one', async () => {
    const root = temporaryBook();
    await write(root, [{ type: 't', details: 'x'.repeat(70_000) }]);
    const { details } = (await readAll(root)).records[0]!;
    const [name] = readdirSync(join(root, 'snapshots/blobs'));
    writeFileSync(join(root, 'snapshots/blobs', name!), '"y"');
    expect(resolveDetails(root, details).finding).toMatchObject({ code: 'damaged-blob' });
    expect(
      resolveDetails(root, { $blob: `sha256:${'0'.repeat(64)}`, bytes: 1, preview: '' }).finding,
    ).toMatchObject({ code: 'missing-blob' });
    expect(
      resolveDetails(root, { $blob: 'sha256:../../etc/passwd', bytes: 1, preview: '' }).finding,
    ).toMatchObject({ code: 'damaged-blob' });
  });

  it('writes a file per action only when asked', async () => {
    const root = temporaryBook();
    const [line] = await write(root, [{ type: 't' }], { actionFiles: true });
    expect(JSON.parse(readFileSync(join(root, `snapshots/${line!.snapshot_id}.json`), 'utf8'))).toEqual(line);
    expect((await readAll(root)).totals).toMatchObject({ records: 1, lines: 1 });
  });

  it.each([
    [{ type: '' }, 'The type of an action must be a text of 1 to 200 characters; found an empty text.'],
    [
      { type: 'x'.repeat(201) },
      'The type of an action must be a text of 1 to 200 characters; found 201 characters.',
    ],
    [{ type: 't', status: 'finnished' }, '"finnished" is not a known status.'],
    [
      { type: 't', id: '' },
      'The id of an action must be a text of 1 to 200 characters; found an empty text.',
    ],
  ])('refuses %j and writes nothing', (action, message) => {
    const root = temporaryBook();
    const writer = openActionWriter(root);
    expect(() => writer.append(action)).toThrow(message);
    expect(readFileSync(join(root, 'snapshots/action_log.jsonl'), 'utf8')).toBe('');
  });
});

describe('secrets', () => {
  const token = `gh${'p_'}${'a1B2'.repeat(9)}`;
  const secret = {
    details: { command: ['push', `--token=${token}`], password: 'hunter2' },
    error: `bad ${token}`,
  };

  it('are masked before anything is written: line, blob, action file, and the line that is returned', async () => {
    const root = temporaryBook();
    const filler = 'x'.repeat(70_000);
    const large = { type: 'large', details: { ...secret.details, filler } };
    const lines = await write(root, [{ type: 't', ...secret }, large], { actionFiles: true });
    const folder = join(root, 'snapshots');
    const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.jsonl?$/.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(all).toHaveLength(4);
    expect(all.join('')).not.toContain('a1B2a1B2');
    expect(all.join('')).not.toContain('hunter2');
    expect(lines[0]?.action).toMatchObject({
      details: { command: ['push', '--token=‹masked: github token›'], password: '‹masked: secret›' },
      error: 'bad ‹masked: github token›',
    });
    expect(secret.details.password).toBe('hunter2');
    const { findings } = await readAll(root);
    expect(findings).toEqual([]);
  });

  it('are written where the user switched masking off, and further names are masked', async () => {
    const root = temporaryBook();
    const [plain] = await write(root, [{ type: 't', ...secret }], { redaction: 'off' });
    expect(plain?.action.details).toEqual(secret.details);
    const [own] = await write(root, [{ type: 't', details: { pet: 'rex' } }], {
      redaction: { keys: ['pet'] },
    });
    expect(own?.action.details).toEqual({ pet: '‹masked: secret›' });
  });
});
