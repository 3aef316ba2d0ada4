import type { CommandSpec } from './spec.ts';

/** The register of runs, metadata.json. */
export const ledgerCommands: readonly CommandSpec[] = [];
