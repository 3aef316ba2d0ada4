import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatCommandDocs } from '../collector/cli/docs.ts';
import { repositoryRoot } from './repository-root.ts';

// Writes docs/cli.md from the command table; a test fails when the two differ.
writeFileSync(join(repositoryRoot, 'docs/cli.md'), formatCommandDocs());
