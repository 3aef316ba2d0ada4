/** When snapshots are expected, as a person says it: "every hour at :17 and :47"; rarer cron lines stay as they are. */
export function scheduleText(expected: string): string {
  const cron = /^(?:cron )?((?:[\d*,/-]+ ){4}[\d*,/A-Za-z-]+)( \(UTC\))?$/.exec(expected.trim());
  if (cron === null) return expected.replaceAll('_', ' ');
  return cronText(cron[1] as string) ?? `by cron ${cron[1]}${cron[2] ?? ''}`;
}

/** The common cron lines in words; undefined for the others. */
function cronText(cron: string): string | undefined {
  const [minute = '', hour = '', ...days] = cron.split(' ');
  if (days.join(' ') !== '* * *') return undefined;
  const minutes = numbers(minute);
  const hours = numbers(hour);
  if (hour === '*' && minute === '*') return 'every minute';
  if (hour === '*' && /^\*\/\d+$/.test(minute)) return `every ${minute.slice(2)} minutes`;
  if (hour === '*' && minutes !== undefined)
    return `every hour at ${listed(minutes.map((one) => `:${twoDigits(one)}`))}`;
  if (/^\*\/\d+$/.test(hour) && minutes?.length === 1)
    return `every ${hour.slice(2)} hours at :${twoDigits(minutes[0] as number)}`;
  if (hours !== undefined && minutes?.length === 1)
    return `every day at ${listed(hours.map((one) => `${twoDigits(one)}:${twoDigits(minutes[0] as number)}`))}`;
  return undefined;
}

/** "17,47" as numbers; at most four, more are no sentence. */
function numbers(field: string): number[] | undefined {
  if (!/^\d+(,\d+){0,3}$/.test(field)) return undefined;
  return field.split(',').map(Number);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function listed(texts: string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}
