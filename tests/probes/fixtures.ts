import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ActionRecord } from '../../collector/formats/actions/action.ts';
import { displayStatusOf } from '../../collector/formats/actions/status.ts';
import { defaultConfig, type ProbeConfig } from '../../collector/formats/config/config.ts';
import type { ProbeContext } from '../../collector/probes/index.ts';

/** 2026-03-01T10:10:00Z */
export const nowUs = Date.UTC(2026, 2, 1, 10, 10) * 1000;

const folders: string[] = [];

/** A folder with files, removed by removeFolders. */
export function folderWith(files: Record<string, string> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'daybook-probes-'));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function contextOf(
  root: string,
  actions: ActionRecord[] = [],
  probes: ProbeConfig[] = [],
): ProbeContext {
  const config = { ...defaultConfig(), probes };
  return { root, config, nowUs, newestActions: async (count) => actions.slice(0, count) };
}

/** An action as a reader gives it, `minutesAgo` before now. */
export function action(type: string, statusWord: string, minutesAgo = 0, actionId?: string): ActionRecord {
  const atUs = nowUs - minutesAgo * 60e6;
  return {
    key: `${type}-${minutesAgo}`,
    sameness: `${type}-${minutesAgo}`,
    snapshotId: `action_${type}_${minutesAgo}`,
    atUs,
    zoneless: false,
    untimed: false,
    type,
    status: displayStatusOf(statusWord),
    statusWord,
    statusFrom: 'action.status',
    details: {},
    detailsText: undefined,
    fields: { line: {}, action: {} },
    blob: undefined,
    startedAtUs: undefined,
    endedAtUs: undefined,
    durationMs: undefined,
    error: undefined,
    actionId,
    run: undefined,
    source: undefined,
    raw: {},
    file: 'snapshots/action_log.jsonl',
    line: 1,
  };
}
