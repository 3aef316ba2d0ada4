/** A size in bytes: "64MB", "1.5 GiB", "500000"; K, M and G alone are of 1,024. Undefined for what is none, or below 4K. */
export function readSize(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*([kmg]?)(b|ib)?$/i.exec(text.trim());
  const base = found?.[3]?.toLowerCase() === 'b' ? 1000 : 1024;
  const power = ['', 'k', 'm', 'g'].indexOf((found?.[2] ?? '').toLowerCase());
  const bytes = Math.round(Number(found?.[1]) * base ** power);
  return bytes >= 4096 && bytes <= 2 ** 40 ? bytes : undefined;
}
