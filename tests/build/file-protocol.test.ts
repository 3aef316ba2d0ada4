import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildSite } from '../../src/build.ts';
import { temporaryBook } from '../helpers.ts';

const line =
  '{"snapshot_id":"a","snapshot_type":"action","timestamp":"2026-11-20T00:00:00Z","action":{"type":"t","status":"completed","details":{}}}\n';

function dataFiles(root: string): string[] {
  const folder = join(root, 'dashboard', 'data');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

it('a site for a server alone has every data file once, and one for the disk gets its twins back', async () => {
  const root = temporaryBook({ 'snapshots/action_log.jsonl': line });
  await buildSite({ root });
  const all = dataFiles(root);
  const twins = all.filter((file) => file.endsWith('.js'));
  expect(twins.length).toBeGreaterThan(5);
  writeFileSync(join(root, 'daybook.yaml'), 'site: { fileProtocol: false }\n');
  await buildSite({ root });
  expect(dataFiles(root)).toEqual(all.filter((file) => !file.endsWith('.js')));
  writeFileSync(join(root, 'daybook.yaml'), 'site: { fileProtocol: true }\n');
  await buildSite({ root });
  expect(dataFiles(root)).toEqual(all);
  expect(readFileSync(join(root, 'dashboard', 'data', 'actions', 'index.js'), 'utf8')).toContain(
    'daybookData',
  );
});
