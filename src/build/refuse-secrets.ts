import { join } from 'node:path';
import { DaybookError, globPattern } from '../data/browser.ts';
import { CleanFiles } from './clean-files.ts';
import { findSources } from './find-source.ts';
import { type PublishedToken, scanSite } from './scan-site.ts';

/** A token that is published all the same, because it may be harmless. */
export interface DoubtfulToken {
  rule: string;
  /** Where it stands in the book, or else in the site. */
  where: string[];
}

const maxShown = 20;

/**
 * Stops a build whose site holds what is surely a secret, and says where that stands in the book and in the site. Rules and
 * files that daybook.yaml names under `redaction.allow` pass. Gives back what may be a secret or not.
 * @throws DaybookError `secrets`.
 */
export async function refuseSecrets(
  site: string,
  book: { root: string; out: string; work: string; allow: readonly string[] },
): Promise<DoubtfulToken[]> {
  const memory = new CleanFiles(join(book.root, '.daybook', 'cache', 'clean-files.json'));
  const tokens = (await scanSite(site, book.work, memory)).filter(({ rule }) => !book.allow.includes(rule));
  if (tokens.length === 0) return [];
  const sources = findSources(
    book.root,
    book.out,
    tokens.map(({ text }) => text),
  );
  const mayPass = book.allow.flatMap((each) => [
    globPattern(each),
    globPattern(`${each.replace(/\/+$/, '')}/**`),
  ]);
  const isAllowed = ({ text }: PublishedToken) => {
    const places = sources.get(text) ?? [];
    return (
      places.length > 0 && places.every((place) => mayPass.some((pattern) => pattern.test(fileOf(place))))
    );
  };
  const refused = tokens.filter((token) => !isAllowed(token));
  const sure = refused.filter(({ isSure }) => isSure);
  const whereOf = ({ text, files }: PublishedToken) => {
    const places = sources.get(text) ?? [];
    return places.length > 0 ? places : files;
  };
  if (sure.length > 0) throw stopped(sure, whereOf);
  return refused.map((token) => ({ rule: token.rule, where: whereOf(token) }));
}

function stopped(
  sure: readonly PublishedToken[],
  whereOf: (token: PublishedToken) => string[],
): DaybookError {
  const lines = sure.map((token) => {
    const [places, files] = [whereOf(token), token.files];
    return `  ${token.rule}: ${listed(places)} (published in ${listed(files)})`;
  });
  const more = lines.length > maxShown ? [`  and ${lines.length - maxShown} more`] : [];
  const rules = [...new Set(sure.map(({ rule }) => rule))].join(', ');
  return new DaybookError(
    'secrets',
    [
      `The site would publish ${sure.length === 1 ? 'a secret' : `${sure.length} secrets`}; it was not built:`,
      ...lines.slice(0, maxShown),
      ...more,
    ].join('\n'),
    {
      where: whereOf(sure[0]!)[0] ?? sure[0]!.files[0]!,
      hint: `Revoke what is real and take it out of the book. What may be public is allowed in daybook.yaml by its rule or file: redaction: {allow: [${rules}]}.`,
    },
  );
}

function listed(places: readonly string[]): string {
  const shown = places.slice(0, 3).join(', ');
  return places.length > 3 ? `${shown} and ${places.length - 3} more` : shown;
}

const fileOf = (place: string) => place.replace(/:\d+$/, '');
