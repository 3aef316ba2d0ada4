import { DaybookError, type ErrorCode, type ErrorFacts } from '../../base/errors.ts';

/** Something about the store of versions went wrong. */
export class SnapshotError extends DaybookError {
  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(code, message, facts);
    this.name = 'SnapshotError';
  }
}

/** There is no such version, tag or snapshot; the hint names those that are near. */
export class SnapshotNotFoundError extends SnapshotError {
  constructor(message: string, facts: ErrorFacts = {}) {
    super('not-found', message, facts);
    this.name = 'SnapshotNotFoundError';
  }
}

/** A version cannot be named, written or read as asked: its name is taken or unfit, its content damaged. */
export class VersioningError extends SnapshotError {
  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(code, message, facts);
    this.name = 'VersioningError';
  }
}
