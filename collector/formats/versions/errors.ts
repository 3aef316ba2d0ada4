import { DaybookError, type ErrorCode, type ErrorFacts } from '../../base/errors.ts';

/** Something about the store of versions went wrong. */
export class VersionError extends DaybookError {
  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(code, message, facts);
    this.name = 'VersionError';
  }
}

/** There is no such version, tag or snapshot; the hint names those that are near. */
export class VersionNotFoundError extends VersionError {
  constructor(message: string, facts: ErrorFacts = {}) {
    super('not-found', message, facts);
    this.name = 'VersionNotFoundError';
  }
}

/** A version cannot be named, written or read as asked: its name is taken or unfit, its content damaged. */
export class RefusedVersionError extends VersionError {
  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(code, message, facts);
    this.name = 'RefusedVersionError';
  }
}

/** The names that Framework0 has for them. */
export {
  RefusedVersionError as VersioningError,
  VersionError as SnapshotError,
  VersionNotFoundError as SnapshotNotFoundError,
};
