const alphabets: Record<string, string> = {
  a: 'aB3dE5gH7jK9mN1pQ4sT6vX8zC2fR0yW',
  A: 'B3E5H7K9N1Q4T6X8C2F0R',
  h: '0a1b2c3d4e5f6978',
  d: '7302915846',
};

/** An example of the tables with its blanks filled in: `{a36}` by 36 letters and digits that look random. */
export function expandExample(example: string): string {
  return example.replace(/\{([aAhd])(\d+)\}/g, (_, kind: string, count: string) => {
    const letters = alphabets[kind]!;
    return letters.repeat(Math.ceil(Number(count) / letters.length)).slice(0, Number(count));
  });
}
