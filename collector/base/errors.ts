/** Exit codes of the command line (docs/cli.md): one per kind of outcome. */
export const exitCodes = { done: 0, failed: 1, usage: 2, notFound: 3, differences: 4 } as const;

/** What went wrong, as a short stable word: programs branch on it, people read the message. */
export type ErrorCode =
  | 'usage'
  | 'bad-input'
  | 'not-found'
  | 'no-book'
  | 'exists'
  | 'unreadable'
  | 'unwritable'
  | 'disk-full'
  | 'git'
  | 'unavailable'
  | 'secrets'
  | 'dirty'
  | 'failed';

/** What an error may carry beside its sentence. */
export interface ErrorFacts {
  /** What to do next, as one sentence. */
  hint?: string;
  /** File, line or field, e.g. `snapshots/action_log.jsonl:12`. */
  where?: string;
  cause?: unknown;
}

/**
 * A mistake a person can mend: one clear sentence, where it happened, what to do next.
 * Everything else that is thrown is a bug and keeps its stack.
 */
export class DaybookError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly where: string | undefined;

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'DaybookError';
    this.code = code;
    this.hint = facts.hint;
    this.where = facts.where;
  }

  /** The exit code a command ends with when this error reaches it. */
  get exitCode(): number {
    if (this.code === 'usage' || this.code === 'bad-input') return exitCodes.usage;
    if (this.code === 'not-found' || this.code === 'no-book') return exitCodes.notFound;
    return exitCodes.failed;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The system error code of a thrown value ("ENOENT"), if it has one. EDQUOT reaches Node as UNKNOWN with errno -122. */
export function systemCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, errno } = error as { code?: unknown; errno?: unknown };
  if (errno === -122) return 'EDQUOT';
  return typeof code === 'string' ? code : undefined;
}

/** What the system said, without the path it repeats: "permission denied (EACCES)". */
export function reasonOf(error: unknown): string {
  const message = messageOf(error);
  const match = /^([A-Z]+\d*): ([^,]+), \w+/.exec(message);
  return match === null ? message : `${match[2]} (${match[1]})`;
}
