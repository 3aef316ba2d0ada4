/** Texts that occur often, each with a number; 0 stands for no text. */
export interface Dictionary {
  codeOf(text: unknown): number;
  textOf(code: number): string;
  /** The code of a text that may not occur; -1 if it does not. */
  findCode(text: string): number;
  size(): number;
}

/** An empty dictionary. */
export function dictionary(): Dictionary {
  const codes = new Map<string, number>();
  const texts: string[] = [''];
  return {
    codeOf(text) {
      if (text === null || text === undefined) return 0;
      const known = codes.get(text as string);
      if (known !== undefined) return known;
      codes.set(text as string, texts.length);
      return texts.push(text as string) - 1;
    },
    textOf: (code) => texts[code] ?? '',
    findCode: (text) => codes.get(text) ?? -1,
    size: () => texts.length,
  };
}
