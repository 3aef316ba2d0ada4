import { parseDuration } from '../schedule/duration.ts';
import type { BookConfig } from './defaults.ts';
import type { ConfigInput } from './schema.ts';

/** What daybook.yaml says of `daybook sync`. */
export function resolveSync(input: ConfigInput['sync']): BookConfig['sync'] {
  const { branch, history } = input ?? {};
  const historyMs = history === undefined ? undefined : parseDuration(history);
  return {
    ...(branch === undefined || branch === 'current' || branch === 'none' ? {} : { branch }),
    ...(historyMs === undefined ? {} : { historyMs }),
  };
}
