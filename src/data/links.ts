/** Address of one action in the explorer, from a page that reaches the top with `up`. */
export function actionHref(up: string, key: string): string {
  return `${up}actions.html?action=${encodeURIComponent(key)}`;
}

/** Address of the actions of a stretch of time in the explorer. */
export function actionsBetweenHref(up: string, fromUs: number, toUs: number): string {
  const time = (us: number) => new Date(us / 1000).toISOString();
  return `${up}actions.html?from=${time(fromUs)}&to=${time(toUs)}`;
}

/** Address of the actions of a bin of whole UTC days, or of any stretch of time. */
export function actionsOfBinHref(up: string, fromUs: number, toUs: number): string {
  const wholeDays = fromUs % 86_400_000_000 === 0 && toUs % 86_400_000_000 === 0;
  const day = (us: number) => new Date(us / 1000).toISOString().slice(0, 10);
  return wholeDays
    ? `${up}actions.html?from=${day(fromUs)}&to=${day(toUs)}`
    : actionsBetweenHref(up, fromUs, toUs);
}

/** Address of the page of one snapshot. */
export function snapshotHref(up: string, id: string): string {
  return `${up}snapshots/${encodeURIComponent(id)}.html`;
}

/** Address of the comparison of two snapshots, the older one first. */
export function compareHref(up: string, before: string, after: string): string {
  return `${up}compare.html?a=${encodeURIComponent(before)}&b=${encodeURIComponent(after)}`;
}

/** Address of the page of a run: its own where it has one, else the page that shows any run. */
export function runHref(up: string, slug: string, hasPage: boolean): string {
  return hasPage
    ? `${up}runs/${encodeURIComponent(slug)}.html`
    : `${up}run.html?run=${encodeURIComponent(slug)}`;
}

/** Address of the comparison of runs. */
export function compareRunsHref(up: string, slugs: readonly string[]): string {
  return `${up}compare-runs.html?runs=${slugs.map(encodeURIComponent).join(',')}`;
}

/** Address of the table of runs, asked something in the language of its filter. */
export function runsWhereHref(up: string, where: string): string {
  return `${up}runs.html?where=${encodeURIComponent(where)}`;
}

/** A recorded address if it is safe to link to (http or https, or plainly relative), else undefined: then it is shown as text. */
export function safeHref(address: string | undefined): string | undefined {
  if (address === undefined || /[\u0000-\u0020\u007f<>"'\\]/.test(address)) return undefined;
  if (/^https?:\/\/[^/]/i.test(address)) return URL.canParse(address) ? address : undefined;
  return /^(?:\.{1,2}\/|[A-Za-z0-9_-][^:]*$|#)/.test(address) && !address.startsWith('//')
    ? address
    : undefined;
}

/** Address of a commit in the repository that the book names, if it has one on the web. */
export function commitHref(repository: string | undefined, commit: string): string | undefined {
  if (!/^[0-9a-f]{7,64}$/.test(commit) || repository === undefined) return undefined;
  return safeHref(`${repository.replace(/\.git$|\/$/, '')}/commit/${commit}`);
}

/** Address of the page of a version: its own where it has one, else the page that shows any version. */
export function versionHref(
  up: string,
  { version, slug }: { version: string; slug: string | undefined },
): string {
  return slug === undefined
    ? `${up}version.html?version=${encodeURIComponent(version)}`
    : `${up}versions/${encodeURIComponent(slug)}.html`;
}

/** Address of the versions that have a tag. */
export function taggedHref(up: string, tag: string): string {
  return `${up}versions.html?tag=${encodeURIComponent(tag)}`;
}
