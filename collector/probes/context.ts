import type { JsonValue } from '../base/json/json.ts';
import type { ActionRecord } from '../formats/actions/action.ts';
import type { BookConfig } from '../formats/config/config.ts';

/** What a probe may look at. Probes read and never write. */
export interface ProbeContext {
  /** Folder of the book. */
  root: string;
  config: BookConfig;
  /** The moment of the snapshot, microseconds since 1970 UTC. */
  nowUs: number;
  /** Newest actions of the log, newest first. */
  newestActions(count: number): Promise<ActionRecord[]>;
}

/** Reads one source and returns one section; what it throws becomes {"error": …} in its place. */
export type Probe = (context: ProbeContext) => Promise<JsonValue>;
