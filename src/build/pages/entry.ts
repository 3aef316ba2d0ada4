/** What compiled pages give to a build: Astro's own way to find and render them, with all of its runtime that they need. */
export { StaticPaths } from 'astro:static-paths';
export { app, manifest } from 'astro/entrypoints/prerender';
