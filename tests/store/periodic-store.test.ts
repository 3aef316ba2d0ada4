import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isoMicros } from '../../collector/base/time.ts';
import type { Finding } from '../../collector/formats/findings/finding.ts';
import type { PeriodicSnapshot, SnapshotRecord } from '../../collector/formats/snapshots/periodic.ts';
import { auditBook } from '../../collector/store/audit.ts';
import {
  listPeriodic,
  readAllPeriodic,
  readPeriodic,
  writePeriodic,
} from '../../collector/store/periodic-store.ts';
import { temporaryBook } from '../helpers.ts';

const atUs = 1766370057454420;

function snapshot(us: number, health = 'operational'): Omit<PeriodicSnapshot, 'snapshot_id'> {
  return {
    snapshot_type: 'periodic',
    timestamp: isoMicros(us),
    interval: '30_minutes',
    system_state: { health, health_reasons: [] },
    metadata: { generated_by: 'daybook', version: '1' },
  };
}

function readAll(root: string): { records: SnapshotRecord[]; findings: Finding[] } {
  const records: SnapshotRecord[] = [];
  const findings: Finding[] = [];
  readAllPeriodic(
    root,
    (record) => records.push(record),
    (finding) => findings.push(finding),
  );
  return { records, findings };
}

describe('writePeriodic', () => {
  it('keeps every snapshot of one second, and the latest is the newest, byte for byte', () => {
    const root = temporaryBook();
    const ids = Array.from({ length: 12 }, (_, n) => writePeriodic(root, snapshot(atUs + n), atUs + n).id);
    expect(ids.slice(0, 3)).toEqual([
      'periodic_20251222_022057',
      'periodic_20251222_022057_2',
      'periodic_20251222_022057_3',
    ]);
    expect(listPeriodic(root).map((one) => one.id)).toEqual(ids);
    expect(readAll(root).records.map((one) => one.atUs)).toEqual(ids.map((_, n) => atUs + n));
    expect(readFileSync(join(root, 'snapshots/latest_periodic.json'), 'utf8')).toBe(
      readFileSync(join(root, 'snapshots/periodic_20251222_022057_12.json'), 'utf8'),
    );
    expect(readdirSync(join(root, 'snapshots'))).toHaveLength(13);
  });

  it('never lets an older snapshot become the latest', () => {
    const root = temporaryBook();
    writePeriodic(root, snapshot(atUs), atUs);
    writePeriodic(root, snapshot(atUs - 60e6), atUs - 60e6);
    const latest = JSON.parse(
      readFileSync(join(root, 'snapshots/latest_periodic.json'), 'utf8'),
    ) as PeriodicSnapshot;
    expect(latest.snapshot_id).toBe('periodic_20251222_022057');
  });
});

describe('reading snapshots', () => {
  it('shows the whole ones and reports each damaged one with its reason', () => {
    const whole = JSON.stringify({ snapshot_id: 'x', ...snapshot(atUs) });
    const root = temporaryBook({
      'snapshots/periodic_20251222_021855.json': whole.slice(0, 90),
      'snapshots/periodic_20251222_021900.json': '',
      'snapshots/periodic_20251222_021901.json': 'not json',
      'snapshots/periodic_20251222_021902.json': '[1,2]',
      'snapshots/periodic_20251222_021903.json': '{"workflow_runs": []}',
      'snapshots/periodic_20251222_021904.json': '22817\n',
      'snapshots/periodic_20251222_021905.json': whole,
      'snapshots/periodic_undated.json': '{"snapshot_type":"periodic"}',
    });
    mkdirSync(join(root, 'snapshots/periodic_20251222_021906.json'));
    const { records, findings } = readAll(root);
    expect(records.map((one) => one.id).sort()).toEqual(['periodic_20251222_021905', 'periodic_undated']);
    expect(findings.map((finding) => [finding.file.slice(-11, -5), finding.code])).toEqual([
      ['021855', 'truncated'],
      ['021900', 'empty-file'],
      ['021901', 'broken-json'],
      ['021902', 'wrong-shape'],
      ['021903', 'wrong-schema'],
      ['021904', 'wrong-shape'],
      ['021906', 'unreadable'],
      ['ndated', 'bad-time'],
    ]);
  });

  it('takes the time from the name where the content has none, and the health only where it is a known word', () => {
    const root = temporaryBook({
      'snapshots/periodic_20260102_030405.json':
        '{"snapshot_type":"periodic","system_state":{"health":"splendid"}}',
    });
    expect(readPeriodic(root, 'periodic_20260102_030405').record).toMatchObject({
      atUs: Date.UTC(2026, 0, 2, 3, 4, 5) * 1000,
      health: 'unknown',
    });
  });

  it.each(['../../etc/passwd', 'periodic_../x', 'latest_periodic', 'periodic_none'])(
    'knows no snapshot called %s',
    (id) => {
      expect(readPeriodic(temporaryBook({ 'snapshots/latest_periodic.json': '{}' }), id)).toEqual({});
    },
  );
});

describe('auditBook', () => {
  it('finds nothing in a book that Daybook wrote', async () => {
    const root = temporaryBook();
    writePeriodic(root, snapshot(atUs), atUs);
    expect((await auditBook(root)).findings).toEqual([]);
  });

  it('notices a latest_periodic.json that is not the newest, and files of writers that died', async () => {
    const root = temporaryBook();
    writePeriodic(root, snapshot(atUs), atUs);
    cpSync(
      join(root, 'snapshots/latest_periodic.json'),
      join(root, 'snapshots/periodic_20260101_000000.json'),
    );
    writeFileSync(join(root, 'snapshots/latest_periodic.json'), 'else');
    writeFileSync(join(root, 'snapshots/.daybook-tmp-4194305-2-x.json'), '{"half');
    expect((await auditBook(root)).findings.map((finding) => [finding.code, finding.severity])).toEqual([
      ['latest-differs', 'warning'],
      ['leftover', 'note'],
    ]);
  });
});
