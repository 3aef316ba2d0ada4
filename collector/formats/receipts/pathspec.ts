/**
 * Which paths FlexLock's include and exclude patterns choose, which are git's: a path, a folder with everything below
 * it, or a pattern in which `*` and `?` also cross slashes. Without include patterns everything is included.
 */
export function pathspecFilter(
  include: readonly string[],
  exclude: readonly string[],
): (path: string) => boolean {
  const included = include.map(pathspec);
  const excluded = exclude.map(pathspec);
  return (path) =>
    (included.length === 0 || included.some((matches) => matches(path))) &&
    !excluded.some((matches) => matches(path));
}

function pathspec(pattern: string): (path: string) => boolean {
  const bare = pattern.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  if (bare === '' || bare === '.') return () => true;
  if (!/[*?[]/.test(bare)) return (path) => path === bare || path.startsWith(`${bare}/`);
  return wildcard(bare);
}

/** Matches without regular expressions, whose worst case a recorded pattern could ask for. */
function wildcard(pattern: string): (path: string) => boolean {
  return (path) => {
    let [at, from, star, kept] = [0, 0, -1, 0];
    while (at < path.length) {
      const one = from < pattern.length ? matchOne(pattern, from, path[at]!) : undefined;
      if (pattern[from] === '*') {
        star = from++;
        kept = at;
      } else if (one !== undefined) {
        from = one;
        at += 1;
      } else if (path[at] === '/' && from === pattern.length) return true;
      else if (star === -1) return false;
      else {
        from = star + 1;
        kept += 1;
        at = kept;
      }
    }
    while (pattern[from] === '*') from += 1;
    return from === pattern.length;
  };
}

/** Where the pattern goes on after one character that it fits; undefined where it does not fit. */
function matchOne(pattern: string, from: number, character: string): number | undefined {
  if (pattern[from] === '?') return from + 1;
  const end = pattern[from] === '[' ? pattern.indexOf(']', from + 2) : -1;
  if (end === -1) return pattern[from] === character ? from + 1 : undefined;
  const set = pattern.slice(from + 1, end);
  const isNegated = set.startsWith('!') || set.startsWith('^');
  return inSet(isNegated ? set.slice(1) : set, character) !== isNegated ? end + 1 : undefined;
}

function inSet(set: string, character: string): boolean {
  for (let at = 0; at < set.length; at++) {
    const [low, high] =
      set[at + 1] === '-' && at + 2 < set.length ? [set[at]!, set[at + 2]!] : [set[at]!, set[at]!];
    if (character >= low && character <= high) return true;
    if (low !== high) at += 2;
  }
  return false;
}
