import type { CommandSpec } from './spec.ts';

/** Commands that issue receipts and bring back what they recorded. */
export const receiptCommands: readonly CommandSpec[] = [];
