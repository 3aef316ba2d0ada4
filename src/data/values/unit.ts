import { formatDuration } from '../../../collector/base/format/duration.ts';
import { formatBytes, formatShare } from '../../../collector/base/format/number.ts';

/** What a number measures, where the name of its field says so. */
export type Unit = 'bytes' | 'ms' | 'seconds' | 'share';

/** The unit that the name of a field gives: "free_bytes", "durationMs", "cpu_seconds", "hit_ratio"; an uptime is in seconds. */
export function unitOf(key: string): Unit | undefined {
  if (/(^|[_-])bytes?$|[a-z]Bytes$/.test(key)) return 'bytes';
  if (/([_-](ms|msec|milliseconds|millis)|[a-z]Ms)$/.test(key)) return 'ms';
  if (/(^|[_-])(seconds|secs?)$|[_-]s$|[a-z]Seconds$|(^|[_-])uptime$|[a-z]Uptime$/.test(key))
    return 'seconds';
  if (/[_-](share|ratio)$/.test(key)) return 'share';
  return undefined;
}

/** A number with its unit as a person reads it: "24.5 GB", "1 h 16 min". Undefined where the name gives none. */
export function measureText(value: number, key: string): string | undefined {
  switch (unitOf(key)) {
    case 'bytes':
      return formatBytes(value).replace('-', '−');
    case 'ms':
      return formatDuration(value);
    case 'seconds':
      return formatDuration(value * 1000);
    case 'share':
      return value >= 0 && value <= 1 ? formatShare(value, 1) : undefined;
    case undefined:
      return undefined;
  }
}

/** The short sign of a unit behind an exact number: "82,727,677,952 B", "4,558 s". */
export function unitSign(key: string): string {
  const signs: Record<Unit, string> = { bytes: ' B', ms: ' ms', seconds: ' s', share: '' };
  const unit = unitOf(key);
  return unit === undefined ? '' : signs[unit];
}
