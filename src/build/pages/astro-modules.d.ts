/** A module that Astro makes while it compiles. */
declare module 'astro:static-paths' {
  export const StaticPaths: new (app: unknown) => { getAll(): Promise<import('astro').PathWithRoute[]> };
}
