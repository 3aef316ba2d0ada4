const date = String.raw`\d{4}-?\d\d-?\d\d(?:[T_-]?\d\d[:-]?\d\d(?:[:-]?\d\d)?(?:[.,]\d+)?Z?)?`;
const commit = '(?=[0-9a-f]*\\d)[0-9a-f]{7,40}';
/** What counts repetitions in a name: dates, numbers of three digits and more, commits; and a folder that is a number alone. */
const counting = new RegExp(
  `(?<![A-Za-z0-9.])(?:${date}|${commit}|\\d{3,})(?![A-Za-z0-9])|(?<=^|/)\\d+(?=/)`,
  'g',
);

/**
 * What results that are written again and again have in common by where they lie: their path with "*" for what counts them.
 * "reports/2024-01-31/junit.xml" and "reports/2024-02-01/junit.xml" are "reports/…/junit.xml" both, the dots a star.
 */
export function repeatedPlace(path: string): string {
  return path.replace(counting, '*').replace(/\*(?:[-_.]?\*)+/g, '*');
}
