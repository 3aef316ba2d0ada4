/** What programs print when they fail, most telling first; each is looked for from the end. */
const telling: readonly RegExp[] = [
  // Python, Node, Java and others that name the class: "ValueError: x", "Error [ERR_X]: y", "torch.cuda.OutOfMemoryError".
  /^(?:Uncaught |Exception in thread "[^"]*" )?(?:[A-Za-z_$][\w$]*\.)*[A-Za-z_$]*(?:Error|Exception|Interrupt)(?: \[\w+\])?(?::|$)/,
  // Go and Rust; what Rust says stands in the line behind.
  /^(?:panic|fatal error): /,
  /^thread '.*' (?:\(\d+\) )?panicked at /,
  // Shells that did not find something.
  /: (?:command )?not found$|: No such file or directory$|: Permission denied$/,
  // Compilers, git, npm and everyone else.
  /(?:^|[\s:[(])(?:fatal|error)(?:\[\w+\])?[:!]/i,
  /\bSegmentation fault\b|\bKilled\b|\bout of memory\b/i,
];

/** Whether a line tells of an error, as programs and tools print it. */
export function isErrorLine(line: string): boolean {
  const whole = line.trimEnd();
  return telling.some((pattern) => pattern.test(whole));
}

/** Lines that follow an error and say less than it: frames, carets, notes of the runtime, what make adds. */
const trailing = /^\s|^(?:Node\.js v\d|note: |make(?:\[\d+\])?: \*\*\* |npm (?:ERR|error)|\^+$|[-=~*]+$)/;

const maxChars = 400;

/**
 * The line of the last output of a failed program that says why it failed; undefined where there is no output at all.
 * Standard error comes first, what went to standard output only counts where it tells of an error.
 */
export function lastErrorLine(
  errorLines: readonly string[],
  output: readonly string[] = [],
): string | undefined {
  const found = tellingLine(errorLines) ?? tellingLine(output) ?? lastLine(errorLines);
  if (found === undefined) return undefined;
  const line = found.trim();
  return line.length > maxChars ? `${line.slice(0, maxChars)} …` : line;
}

function tellingLine(lines: readonly string[]): string | undefined {
  for (const pattern of telling) {
    const at = lines.findLastIndex((line) => pattern.test(line.trimEnd()));
    if (at === -1) continue;
    const line = lines[at]!.trimEnd();
    const isHead = line.startsWith("thread '") && line.endsWith(':');
    return isHead && lines[at + 1] !== undefined ? lines[at + 1] : line;
  }
  return undefined;
}

function lastLine(lines: readonly string[]): string | undefined {
  return (
    lines.findLast((line) => line.trim() !== '' && !trailing.test(line)) ??
    lines.findLast((line) => line.trim() !== '')
  );
}
