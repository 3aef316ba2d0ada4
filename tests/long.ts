/**
 * How much of something a test does: `short` as a rule, `long` with `DAYBOOK_LONG=1 npm test`. Both forms run the same code in
 * the same processes and expect the same; the long one looks for what is rare.
 */
export function amount(short: number, long: number): number {
  return process.env['DAYBOOK_LONG'] === '1' ? long : short;
}
