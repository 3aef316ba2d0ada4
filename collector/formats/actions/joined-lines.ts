/** What stands on a line that holds more than one record, as a phrase for a finding. */
export function joinedFound(records: number, hasRest: boolean): string {
  const whole = records === 1 ? 'a whole record' : `${records} whole records`;
  return hasRest ? `${whole} and beside ${records === 1 ? 'it' : 'them'} a piece that is none` : `${whole}`;
}

/** What to do about such a line, no matter who wrote it. */
export function joinedHint(hasRest: boolean): string {
  return hasRest
    ? 'What is whole is read. The piece is what a writer left that was stopped, or that did not wait for another one.'
    : 'All are read. Their writer leaves out the newline: end every record with one, also the last.';
}
