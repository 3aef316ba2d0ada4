import { DaybookError } from '../base/errors.ts';
import { visibleText } from '../base/terminal.ts';
import { parseTime } from '../base/time.ts';

const unitsUs: Record<string, number> = { m: 60e6, h: 3600e6, d: 86_400e6, w: 7 * 86_400e6 };

/** The time that --since means: a day, a time, or how long ago ("30d"). @throws DaybookError `usage` for anything else. */
export function parseSince(text: string | undefined, nowUs: number): number | undefined {
  if (text === undefined) return undefined;
  const ago = /^(\d{1,6})\s?([mhdw])$/.exec(text);
  if (ago !== null) return nowUs - Number(ago[1]) * unitsUs[ago[2]!]!;
  const time = parseTime(text);
  if (time !== undefined) return time.us;
  throw new DaybookError('usage', `Expected a time at --since, found "${visibleText(text)}".`, {
    hint: 'Write a day (2026-01-03), a time (2026-01-03T10:00Z) or how long ago (12h, 30d, 8w).',
  });
}
