import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ActionRecord } from '../collector/formats/actions/action.ts';
import type { Finding } from '../collector/formats/findings/finding.ts';
import { type LogTotals, readActions } from '../collector/store/log-reader.ts';

/** An empty folder that goes away with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A book made of the given files. */
export function temporaryBook(files: Record<string, string | Uint8Array> = {}): string {
  const root = temporaryFolder();
  mkdirSync(join(root, 'snapshots'));
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return root;
}

/** Everything readActions has to say. */
export async function readAll(
  root: string,
): Promise<{ records: ActionRecord[]; findings: Finding[]; totals: LogTotals }> {
  const records: ActionRecord[] = [];
  const findings: Finding[] = [];
  const totals = await readActions(
    root,
    (record) => records.push(record),
    (finding) => findings.push(finding),
  );
  return { records, findings, totals };
}

/** One line as the original writes it. */
export function foreignLine(
  fields: { id?: string; type?: string; status?: string; details?: unknown; at?: string } = {},
): string {
  const at = fields.at ?? '2025-12-22T02:20:57.454420Z';
  return JSON.stringify({
    snapshot_id: fields.id ?? 'action_20251222_022057_454420',
    snapshot_type: 'action',
    timestamp: at,
    action: {
      type: fields.type ?? 'build',
      status: fields.status ?? 'executing',
      details: fields.details ?? {},
      started_at: at,
    },
    metadata: { generated_by: 'BarrotSnapshotGenerator', version: '1.0.0' },
  });
}
