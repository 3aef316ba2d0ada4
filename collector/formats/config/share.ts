/** A share as people write it: "5%" or "2.5 %" is 0.05 or 0.025. Undefined for what is none, or not above 0 and below 1,000 %. */
export function readShare(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim());
  const share = Number(found?.[1]) / 100;
  return share > 0 && share <= 10 ? share : undefined;
}
