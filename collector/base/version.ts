/** The version of this program, written into every record; a test keeps it equal to package.json. */
export const daybookVersion = '0.1.0';
