/** The version of this program, written into every record; a test keeps it equal to package.json. */
export const daybookVersion = '0.1.0';

declare const __daybookBuild: string | undefined;

/** Names the code a bundle was made of; undefined where the sources run. What a build remembered, only it believes. */
export const daybookBuild = typeof __daybookBuild === 'undefined' ? undefined : __daybookBuild;
