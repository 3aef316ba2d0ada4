import type { CommandSpec } from './spec.ts';

/** The tracker: progress, metrics, artifacts and tags of a run. */
export const experimentCommands: readonly CommandSpec[] = [];
