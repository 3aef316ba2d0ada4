/**
 * A pattern for paths with forward slashes: `*` and `?` stay within a folder name, `**` crosses folders, `{a,b}` are
 * alternatives. A pattern without a slash fits a name at any depth, one that ends in a slash fits folders and all below.
 */
export function globPattern(pattern: string): RegExp {
  const bare = pattern.replace(/^\.?\//, '').replace(/\/+$/, '');
  const anywhere = bare.includes('/') ? '' : '(?:.*/)?';
  return new RegExp(`^${anywhere}${sourceOf(bare)}$`, 'u');
}

function sourceOf(pattern: string): string {
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
    else if (character === '{' && pattern.indexOf('}', at) > at) {
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
