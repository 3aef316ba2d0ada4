import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A folder of this run of the tests for sites that several files look at. */
    sharedSites: string;
  }
}

/** Gives a run of the tests its folder for shared sites, and removes it at the end. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-sites-'));
  project.provide('sharedSites', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
