import { isObject, type JsonObject } from '../../base/json/json.ts';
import { isSameValue } from '../../base/same-value.ts';
import { showText } from '../../base/show.ts';

const single = ['os', 'arch', 'host', 'processor', 'runner', 'python', 'node', 'cuda'] as const;
const maps = ['packages', 'lock_files'] as const;

/** What is different now in what both runs ran in, as phrases: it may be why results differ. */
export function environmentChanges(then: JsonObject | undefined, now: JsonObject): string[] {
  if (then === undefined) return [];
  const changes: string[] = single.flatMap((name) => {
    const [a, b] = [then[name], now[name]];
    if (a === undefined || b === undefined || isSameValue(a, b)) return [];
    return isObject(a) || isObject(b)
      ? [name]
      : [`${name} ${showText(String(a), 60)} then, ${showText(String(b), 60)} now`];
  });
  for (const name of maps) {
    const [a, b] = [then[name], now[name]];
    if (!isObject(a) || !isObject(b)) continue;
    const differing = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
      (key) => a[key] === undefined || b[key] === undefined || !isSameValue(a[key], b[key]),
    );
    if (differing.length === 0) continue;
    const shown = differing
      .slice(0, 5)
      .map((key) => showText(key, 60))
      .join(', ');
    const rest = differing.length > 5 ? ` and ${differing.length - 5} more` : '';
    changes.push(`${name === 'packages' ? 'packages' : 'lock files'}: ${shown}${rest}`);
  }
  return changes;
}
