import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultConfig } from '../../collector/formats/config/config.ts';
import { readConfigFile } from '../../collector/store/config-file.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'daybook-config-'));
});

afterEach(() => rmSync(root, { recursive: true }));

describe('readConfigFile', () => {
  it('gives the defaults where there is no daybook.yaml', async () => {
    expect(await readConfigFile(root)).toEqual({ config: defaultConfig(), findings: [] });
  });

  it('reads it where there is one, also with a byte order mark and Windows line ends', async () => {
    writeFileSync(join(root, 'daybook.yaml'), '\ufefftitle: Mine\r\nactionFiles: true\r\n');
    const { config, findings } = await readConfigFile(root);
    expect(findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual(['not-utf8 note']);
    expect(config).toEqual({ ...defaultConfig(), title: 'Mine', actionFiles: true });
  });

  it('reports a folder of that name and a file that is too large, and uses the defaults', async () => {
    mkdirSync(join(root, 'daybook.yaml'));
    const folder = await readConfigFile(root);
    expect(folder.config).toEqual(defaultConfig());
    expect(folder.findings).toMatchObject([{ code: 'unreadable', severity: 'error', file: 'daybook.yaml' }]);
    rmSync(join(root, 'daybook.yaml'), { recursive: true });
    writeFileSync(join(root, 'daybook.yaml'), `title: x\n${'#'.repeat(3_000_000)}`);
    const large = await readConfigFile(root);
    expect(large.config).toEqual(defaultConfig());
    expect(large.findings).toMatchObject([{ code: 'bad-config', found: 'more than 256 KiB of YAML' }]);
  });

  it('reports binary content without showing it raw', async () => {
    writeFileSync(join(root, 'daybook.yaml'), Buffer.from([0, 1, 2, 27, 91, 255, 254]));
    const { config, findings } = await readConfigFile(root);
    expect(config).toEqual(defaultConfig());
    expect(findings.length).toBeGreaterThan(0);
    for (const { found } of findings) expect(found).not.toMatch(/[\u0000-\u001f]/);
  });
});
