import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactNumber } from '../../../collector/base/json/exact-number.ts';
import { parseReceipt } from '../../../collector/formats/receipts/receipt.ts';

const folder = new URL('../../fixtures/receipts/', import.meta.url);
const fixture = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const parse = (text: string) =>
  parseReceipt(text, { file: 'a/run.lock', bytes: Buffer.byteLength(text), digest: 'sha256:0' });

function record(text: string) {
  const result = parse(text);
  if (result.record === undefined) throw new Error(JSON.stringify(result.findings));
  return result.record;
}

const codes = (text: string) => parse(text).findings.map((finding) => finding.code);

describe('parseReceipt', () => {
  it('reads what FlexLock wrote without a finding', () => {
    for (const name of readdirSync(folder).filter((name) => name !== 'pid-file.lock')) {
      const { record, findings } = parse(fixture(name));
      expect({ name, findings, isRead: record !== undefined }).toEqual({ name, findings: [], isRead: true });
    }
  });

  it('keeps values as they were written', () => {
    expect(record(fixture('current-process.lock')).config).toEqual({
      param: 1,
      input_path: 'data/input.csv',
      save_dir: 'results/process',
      note: 'naïve façade – 日本語 🚀',
      empty: null,
      flags: [true, false],
      big: 100000000000000000000,
      lr: '1e-3',
      yes: 'yes',
      octal: '0755',
      date: '2025-01-01',
      multi: 'line1\nline2\n',
    });
  });

  it('reads the current generation: trees, include and exclude, lineage with what was embedded', () => {
    const receipt = record(fixture('current-train.lock'));
    expect(receipt.generation).toBe('current');
    expect(receipt.zoneless).toBe(true);
    expect(new Date(receipt.atUs! / 1000).toISOString()).toBe('2026-11-20T16:05:47.596Z');
    expect(receipt.repos['main']).toMatchObject({
      commit: '6a251b4905efbbc4eaae8b1685f906c099dd2772',
      tree: '657c9da825d98d3ae12fe49dd7f5119f6f555f57',
      isDirty: false,
      include: ['train.py'],
      exclude: ['docs/**'],
    });
    expect(receipt.previous).toMatchObject([
      {
        name: 'process',
        path: '/home/user/flexproj/results/process',
        content: { config: { param: 1 }, zoneless: true },
      },
    ]);
  });

  it('reads the first generation: commits alone, no time, stages in prevs', () => {
    const receipt = record(fixture('first-report.lock'));
    expect(receipt).toMatchObject({ generation: 'first', atUs: undefined, zoneless: false });
    expect(receipt.repos['main_project']).toMatchObject({
      commit: '94ca41854f40cd93f244e7fc2ca5919fbc4e9ab7',
      tree: undefined,
    });
    expect(receipt.previous.map(({ name, content }) => [name, content.data['raw_dataset']])).toEqual([
      ['eval', '2914eff65d84774c'],
    ]);
    expect(receipt.caller).toMatchObject({ function: 'stage' });
  });

  it('reads lineage with only a path, and with nothing', () => {
    expect(record(fixture('lineage-path.lock')).previous[0]).toMatchObject({
      name: 'upstream',
      path: expect.stringMatching(/upstream$/),
    });
    expect(record(fixture('lineage-empty.lock')).previous).toMatchObject([
      { name: 'broken', path: undefined },
    ]);
  });

  it('reads nested stages, a parent, paths of Windows, and a list of paths', () => {
    const receipt = record(
      'parent: C:\\runs\\sweep\\run.lock\nprevs:\n  b:\n    config: {x: 1}\n    prevs:\n      a:\n        data: {d: 0a}\nlineage:\n- C:\\runs\\first\n',
    );
    expect(receipt.parent).toBe('C:\\runs\\sweep\\run.lock');
    expect(receipt.previous.map((stage) => stage.name)).toEqual(['b', 'first']);
    expect(receipt.previous[0]?.content.previous[0]?.content.data).toEqual({ d: '0a' });
    expect(receipt.previous[1]?.path).toBe('C:\\runs\\first');
  });

  it('says what a file is that holds something else', () => {
    const { record, findings } = parse(fixture('pid-file.lock'));
    expect(record).toBeUndefined();
    expect(findings).toMatchObject([
      { code: 'not-a-receipt', severity: 'note', found: expect.stringContaining('3863784') },
    ]);
    expect(codes('pid: 123\nhost: a\n')).toEqual(['not-a-receipt']);
    expect(codes('locked\n')).toEqual(['not-a-receipt']);
    expect(codes('- config\n')).toEqual(['not-a-receipt']);
    expect(codes('  \n')).toEqual(['empty-file']);
  });

  it('reads JSON, where whole numbers stay exact', () => {
    const text = '{"config": {"seed": 18446744073709551615, "lr": 1e-3, "n": NaN}, "data": {"a": "00ff"}}';
    expect(record(text)).toMatchObject({
      config: { seed: new ExactNumber('18446744073709551615'), n: 'NaN' },
      data: { a: '00ff' },
    });
  });

  it('marks a time without a zone and reports one that is none', () => {
    expect(record('timestamp: 2026-01-01T10:00:00+02:00\nconfig: {}\n')).toMatchObject({ zoneless: false });
    expect(record('timestamp: 2026-01-01 10:00:00\nconfig: {}\n')).toMatchObject({ zoneless: true });
    expect(parse('timestamp: yesterday\nconfig: {}\n').findings).toMatchObject([
      { code: 'bad-time', path: 'timestamp', found: 'yesterday' },
    ]);
  });

  it('reports parts of another shape, and reads the others', () => {
    const { record: receipt, findings } = parse(
      'config: [1]\nrepos: {a: 3, b: 0abc}\ndata: {x: [1], y: 00}\ninputs: {z: {kind: pipe}}\nprevs: {p: 4}\n',
    );
    expect(findings.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'wrong-shape config',
      'wrong-shape repos.a',
      'wrong-shape data.x',
      'wrong-shape inputs.z',
      'wrong-shape prevs.p',
    ]);
    expect(Object.keys(receipt?.repos ?? {})).toEqual(['b']);
    expect(receipt?.data).toEqual({ y: '0' });
  });

  it('reads what stands around a broken member', () => {
    const { record: receipt, findings } = parse('config:\n  a: 1\nrepos:\n  b: "x\ndata:\n  c: 0d\n');
    expect(findings).toMatchObject([{ code: 'broken-yaml', severity: 'error', line: 4 }]);
    expect(receipt).toMatchObject({ config: { a: 1 }, data: { c: '0d' } });
  });

  it('loads or reports a receipt cut at any byte', () => {
    const whole = fixture('current-train.lock');
    for (let end = 0; end < whole.length; end++) {
      const { record: receipt, findings } = parse(whole.slice(0, end));
      const isWholeLines = whole[end - 1] === '\n';
      expect(receipt !== undefined || findings.length > 0).toBe(true);
      if (!isWholeLines) expect(findings.length).toBeGreaterThan(0);
    }
  });

  it('reports keys given twice', () => {
    const { record: receipt, findings } = parse('config:\n  a: 1\n  a: 2\ndata: {x: 0a, x: 0b}\n');
    expect(findings).toMatchObject([
      { code: 'repeated-key', line: 3 },
      { code: 'repeated-key', line: 4 },
    ]);
    expect(receipt).toMatchObject({ config: { a: 2 }, data: { x: '0b' } });
  });

  it('does not follow tags, and reads what stands under them', () => {
    const { record: receipt, findings } = parse(
      'config:\n  a: !!python/tuple\n  - 1\n  b: !!python/object/apply:os.system ["touch x"]\n',
    );
    expect(findings.map(({ code, found }) => `${code}: ${found}`)).toEqual([
      'unsafe-yaml: the tag !!python/tuple',
      'unsafe-yaml: the tag !!python/object/apply:os.system',
    ]);
    expect(receipt?.config).toEqual({ a: [1], b: ['touch x'] });
  });

  it('reads the anchors that PyYAML writes for shared values', () => {
    expect(record('config:\n  a: &id001\n  - 0.9\n  b: *id001\n').config).toEqual({ a: [0.9], b: [0.9] });
  });

  it('stops alias bombs', () => {
    let bomb = 'config:\n  a: &a [x,x,x,x,x,x,x,x,x]\n';
    for (const name of 'bcdefghi') {
      const before = String.fromCharCode(name.charCodeAt(0) - 1);
      bomb += `  ${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]\n`;
    }
    expect(codes(`${bomb}data: {x: 0a}\n`)).toContain('unsafe-yaml');
    expect(record(`${bomb}data: {x: 0a}\n`).data).toEqual({ x: '0a' });
  });

  it('reports stages that contain themselves', () => {
    const { record: receipt, findings } = parse(
      'config: {}\nprevs: &all\n  a:\n    config: {x: 1}\n    prevs: *all\n',
    );
    expect(findings).toMatchObject([{ code: 'lineage-cycle', line: 5 }]);
    expect(receipt?.previous[0]?.content.previous).toEqual([]);
  });

  it('stops at nesting that would exhaust a stack', () => {
    for (const text of [
      `config: ${'['.repeat(50_000)}\n`,
      `config:\n${'- '.repeat(50_000)}\n`,
      `config: {}\nx: ${'&a '.repeat(50_000)}1\n`,
      `config: {}\nx: ${'{a: '.repeat(50_000)}\n`,
    ]) {
      expect(codes(text)).toContain('unsafe-yaml');
    }
  });

  it('keeps names such as __proto__ to themselves', () => {
    const receipt = record(
      'config:\n  __proto__:\n    polluted: 1\ndata:\n  __proto__: 0a\n  constructor: 0b\n',
    );
    expect(Object.keys(receipt.data)).toEqual(['__proto__', 'constructor']);
    expect(Object.keys(receipt.config)).toEqual(['__proto__']);
    expect((Object.prototype as { polluted?: number }).polluted).toBeUndefined();
    expect((receipt.config as { polluted?: number }).polluted).toBeUndefined();
  });

  it('reads large receipts: 20,000 keys, 20,000 anchors, a manifest of 20 MB', () => {
    const keys = Array.from({ length: 20_000 }, (_, at) => `  k${at}: ${at}\n`).join('');
    expect(Object.keys(record(`config:\n${keys}`).config)).toHaveLength(20_000);
    const anchors = Array.from({ length: 20_000 }, (_, at) => `  k${at}: &a${at} [x]\n`).join('');
    expect(Object.keys(record(`config:\n${anchors}`).config)).toHaveLength(20_000);
    const digest = `sha256:${'0'.repeat(64)}`;
    const files = Array.from({ length: 190_000 }, (_, at) => `      images/${at}.png: ${digest}\n`).join('');
    const receipt = record(
      `inputs:\n  d:\n    path: images\n    kind: folder\n    bytes: 1\n    files: 2\n    digest: ${digest}\n    manifest:\n${files}`,
    );
    expect(Object.keys(receipt.inputs['d']?.manifest ?? {})).toHaveLength(190_000);
  });

  it('never throws, whatever the text', () => {
    const piece = fc.constantFrom(
      ...[
        'config:',
        'prevs',
        '\n',
        '  ',
        '- ',
        ': ',
        '"',
        "'",
        '{',
        '}',
        '[',
        ']',
        ',',
        '&a',
        ' *a',
        '!t ',
        '|',
        '>-',
      ],
      ...['? ', '#', '\t', '---', '...', '\r\n', 'x', '1', '\\', '%', '\u2028', '\ud800', '.nan', '<<'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const { record: receipt, findings } = parse(`config: {}\n${pieces.join('')}`);
        expect(receipt !== undefined || findings.length > 0).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });
});
