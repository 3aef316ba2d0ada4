/** Functions of node:fs that change what lies on a disk. `open` is one of them where it is told to: see store. */
const writing =
  /^(?:append|chmod|chown|copy|cp$|cpSync$|create(?:Write)|fchmod|fdatasync|fsync|ftruncate|futimes|lchown|link|mkdir|mkdtemp|rename|rm$|rmSync$|rmdir|symlink|truncate|unlink|utimes|write)/;

/** Whether a text takes something that can write a file: from node:fs by name or whole, or from our own tools for it. */
export function canWrite(code: string): boolean {
  if (/from '[./]*(?:base\/)?atomic-file\.ts'/.test(code)) return true;
  if (/import\s+(?:\*\s+as\s+)?\w+\s+from\s+'(?:node:)?fs(?:\/promises)?'/.test(code)) return true;
  const named = [
    ...code.matchAll(/import\s*\{([^}]*)\}\s*from\s*'(?:node:)?fs(?:\/promises)?'/g),
    ...code.matchAll(/\{([^}]*)\}\s*=\s*await\s+import\('(?:node:)?fs(?:\/promises)?'\)/g),
  ];
  return named.some(([, names]) =>
    names!.split(',').some((name) => writing.test(name.trim().split(' ', 1)[0]!)),
  );
}
