import type { JsonObject } from '../base/json/json.ts';
import type { RunRecord } from '../runs/record.ts';

/** A file as documents name it. Without `sha256` nothing is claimed of its bytes, and `note` says why. */
export interface FileFact {
  /** Relative to the book, POSIX; absolute or an address where it lies elsewhere. */
  path: string;
  sha256?: string | undefined;
  bytes?: number | undefined;
  note?: string | undefined;
  /** Below which folder of the run's inputs it lies, where it does. */
  name?: string | undefined;
}

/** Code that a run was made with. */
export interface CodeFact {
  name: string;
  path: string | undefined;
  branch: string | undefined;
  remote: string | undefined;
  /** The commit of all that was there, changes and untracked files included. */
  commit: string;
  /** The commit that was checked out, where `commit` is another. */
  head: string | undefined;
  isDirty: boolean;
}

/** What documents say of one run: masked, and with digests of whole files alone. */
export interface RunFacts {
  /** `params`, `description`, `error` and the like are masked. */
  run: RunRecord;
  /** What names are unique in: the address of the repository, else a name made of the book's. */
  book: string;
  /** The command and its arguments, where the receipt has it. */
  command: readonly string[] | undefined;
  /** Configuration as the receipt has it, else the flat parameters. */
  config: JsonObject;
  environment: JsonObject;
  code: readonly CodeFact[];
  inputs: readonly FileFact[];
  outputs: readonly FileFact[];
  /** The run.lock, else the first file that tells of the run. */
  evidence: FileFact;
  /** Where it ran: the address of a CI run, else a name made of the host's. */
  builder: string;
}

/** When a run began, as far as that is known. */
export const startOf = ({ run }: RunFacts) => run.startedAtUs ?? run.atUs;
