/** Says that a key stands a second time in a map. */
export function repeatedKeyMessage(name: string, firstLine: number | undefined): string {
  return `the key "${name}" is given twice${firstLine === undefined ? '' : `, first in line ${firstLine}`}`;
}
