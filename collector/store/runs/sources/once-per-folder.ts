/** What the names in a folder tell, found out once: folders of thousands of files ask with each of them. */
export function oncePerFolder<Told>(tell: (names: string[]) => Told): (beside: ReadonlySet<string>) => Told {
  const known = new WeakMap<ReadonlySet<string>, { told: Told }>();
  return (beside) => {
    const found = known.get(beside) ?? { told: tell([...beside]) };
    known.set(beside, found);
    return found.told;
  };
}
