import type { CommandSpec } from './spec.ts';

/** Commands that show runs, whatever files they were recorded in. */
export const runCommands: readonly CommandSpec[] = [];
