import { crc32Hex } from '../../../collector/base/hash.ts';
import { isoMicros } from '../../../collector/base/time.ts';
import { serializeAction } from '../../../collector/formats/actions/action.ts';

const types = ['build', 'deploy', 'größe', 'test run'];
const statuses = ['executing', 'completed', 'failed', 'done'];
/** Of all lines: 2026-03-01. */
const firstUs = Date.UTC(2026, 2, 1) * 1000;

/** What one line shall be. */
export interface LineWish {
  writer: 'daybook' | 'original' | 'bare';
  /** Minutes behind the first; lines may come late, and at one time. */
  minute: number;
  type: number;
  status: number;
  /** Lines with one number are one action. */
  action: number | undefined;
  text: string;
}

/** One line as one of several writers leaves it, newline included. */
export function sampleLine({ writer, minute, type, status, action, text }: LineWish): Buffer {
  const started_at = isoMicros(firstUs + minute * 60e6);
  const id = `action_${started_at.slice(0, 10).replaceAll('-', '')}_${String(minute).padStart(6, '0')}`;
  const body = {
    type: types[type % types.length]!,
    status: statuses[status % statuses.length]!,
    details: { message: text },
    started_at,
    ...(action === undefined ? {} : { id: `act-${action}` }),
  };
  const metadata = { generated_by: 'daybook', version: '0.1.0' };
  const whole = {
    snapshot_id: id,
    snapshot_type: 'action' as const,
    timestamp: started_at,
    action: body,
    metadata,
  };
  if (writer === 'original') return Buffer.from(`${JSON.stringify(whole)}\n`);
  if (writer === 'bare') return Buffer.from(`${JSON.stringify({ timestamp: started_at, action: body })}\n`);
  const hex = crc32Hex(`${text}${type}${status}${action}`);
  return serializeAction({ ...whole, snapshot_id: `${id}_123456_${hex.slice(-6)}` });
}

/** Lines that are none, or more than one, or odd. */
export const oddLines: readonly string[] = [
  '\n',
  '  \n',
  'no json at all\n',
  '{"action":{"type":"untimed","status":"done"}}\n',
  '{"snapshot_id":"action_20260301_000007_111111","snapshot_type":"action","timestamp":"2026-03-0\n',
  '{"timestamp":"2026-03-01T00:03:00Z","action":{"type":"a","status":"done"}}{"timestamp":"2026-03-01T00:03:00Z","action":{"type":"b","status":"done"}}\n',
  '{"timestamp":"2026-03-01T00:04:00Z","action":{"type":"nan","status":"done","details":{"x":NaN}}}\n',
  '{"timestamp":"2026-03-01T00:05:00Z","action":{"type":"crlf","status":"failed"}}\r\n',
  '{"timestamp":"2026-03-01T00:06:00Z","action":{"type":"open","status":"failed"}}',
  '\ufeff{"timestamp":"2026-03-01T00:07:00Z","action":{"type":"mark","status":"failed"}}\n',
  '{"timestamp":"2026-03-01T00:08:00Z","action":{"type":"blob","status":"done","details":{"$blob":"sha256:00","bytes":1,"preview":""}}}\n',
];
