/** The module of a folder of compiled pages that a build imports; Astro knows it by how its name begins. */
export const entryName = 'prerender-entry.mjs';

/** Where a folder of compiled pages says what they were made of. */
export const keyName = 'made-of.txt';
