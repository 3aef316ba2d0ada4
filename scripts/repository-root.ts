import { fileURLToPath } from 'node:url';

/** The folder of this repository. */
export const repositoryRoot = fileURLToPath(new URL('..', import.meta.url));
