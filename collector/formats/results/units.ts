/** Work in a time: "ops/sec", "iter/s", "MB/s". */
const rates =
  /^(?:[kmg]?(?:ops?|iter(?:ation)?s?|req(?:uest)?s?|calls?|items?|elem(?:ent)?s?|[kmgt]?i?b|bytes?))\s*(?:\/|per )\s*s(?:ec(?:ond)?s?)?$|^(?:hz|qps|rps|fps)$/i;
/** Time, or anything for one piece of work: "ns", "seconds", "ns/iter", "B/op", "allocs/op". */
const costs =
  /^(?:[pnuµμm]?s|(?:pico|nano|micro|milli)?sec(?:ond)?s?|min(?:ute)?s?|m(?:illi)?secs?)$|\/\s*(?:op|iter(?:ation)?|call|req(?:uest)?)$/i;

/** Whether less or more of something in this unit is better; undefined where the unit does not tell. */
export function betterOfUnit(unit: string | undefined): 'min' | 'max' | undefined {
  const plain = unit?.trim() ?? '';
  if (rates.test(plain)) return 'max';
  return costs.test(plain) ? 'min' : undefined;
}
