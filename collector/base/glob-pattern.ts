/**
 * A pattern for paths with forward slashes: `*` and `?` stay within a folder name, `**` crosses folders, `{a,b}` are
 * alternatives. A pattern without a slash fits a name at any depth, one that ends in a slash fits folders and all below.
 */
export function globPattern(pattern: string): RegExp {
  return patternOf(pattern, { braces: true, sets: false });
}

/** The same as git reads it in .gitattributes: braces are letters, and `[a-z]`, `[!a]` stand for one letter. */
export function gitPattern(pattern: string): RegExp {
  return patternOf(pattern, { braces: false, sets: true });
}

interface Syntax {
  braces: boolean;
  sets: boolean;
}

function patternOf(pattern: string, syntax: Syntax): RegExp {
  const bare = pattern.replace(/^\.?\//, '').replace(/\/+$/, '');
  const anywhere = bare.includes('/') ? '' : '(?:.*/)?';
  return new RegExp(`^${anywhere}${sourceOf(bare, syntax)}$`, 'u');
}

function sourceOf(pattern: string, { braces, sets }: Syntax): string {
  let source = '';
  let open = 0;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    if (character === '*') {
      const many = pattern[at + 1] === '*';
      while (pattern[at + 1] === '*') at += 1;
      if (many && pattern[at + 1] === '/') {
        at += 1;
        source += '(?:.*/)?';
      } else source += many ? '.*' : '[^/]*';
    } else if (character === '?') source += '[^/]';
    else if (character === '[' && sets && pattern.indexOf(']', at + 2) > at) {
      const end = pattern.indexOf(']', at + 2);
      source += setOf(pattern.slice(at + 1, end));
      at = end;
    } else if (character === '{' && braces && pattern.indexOf('}', at) > at) {
      open += 1;
      source += '(?:';
    } else if (character === '}' && open > 0) {
      open -= 1;
      source += ')';
    } else if (character === ',' && open > 0) source += '|';
    else source += character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&').replace('\\-', '-');
  }
  return source + ')'.repeat(open);
}

/** One letter of "a-z", or none of them behind "!"; a range that runs backwards is none. */
function setOf(letters: string): string {
  const isNegated = /^[!^]/.test(letters);
  const body = (isNegated ? letters.slice(1) : letters)
    .replace(/[\\\]^[]/g, '\\$&')
    .replace(/(.)-(.)/gu, (range, low: string, high: string) => (low <= high ? range : ''));
  return body === '' ? '(?!)' : `(?!/)[${isNegated ? '^' : ''}${body}]`;
}
