import type { CommandSpec } from './spec.ts';

/** Commands that hold receipts against the world and against each other. */
export const checkCommands: readonly CommandSpec[] = [];
