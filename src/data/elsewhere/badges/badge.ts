import type { StateTone } from '../../snapshots/tones.ts';

/** One badge: what it says and means, before it is drawn. */
export interface Badge {
  /** What its files are called: badges/<name>.svg, badges/<name>.json. */
  name: string;
  label: string;
  message: string;
  tone: StateTone;
  /** A colour of the user's own, "#1f7a5a". */
  color?: string | undefined;
  /** What it shows, as a sentence of the page that lists it. */
  about: string;
}

/** What the badge service of shields.io takes from an address (its endpoint schema, version 1). */
export interface BadgeEndpoint {
  schemaVersion: 1;
  label: string;
  message: string;
  color: string;
  isError?: true;
  cacheSeconds: number;
}

/** White text is read on each of these: the contrast is 4.5 or more. */
const colors: Record<StateTone, string> = {
  good: '#1f7a5a',
  bad: '#b3261e',
  warning: '#8a5a00',
  active: '#1f5f99',
  idle: '#5f6672',
  ink: '#3d5a80',
};

/** The colour of its right side. */
export function colorOf({ tone, color }: Pick<Badge, 'tone' | 'color'>): string {
  return color ?? colors[tone];
}

/** A badge as shields.io takes it. The service asks again after five minutes: a build comes no oftener. */
export function badgeEndpoint(badge: Badge): BadgeEndpoint {
  return {
    schemaVersion: 1,
    label: badge.label,
    message: badge.message,
    // The service knows colours without their mark.
    color: colorOf(badge).slice(1),
    ...(badge.tone === 'bad' && badge.color === undefined ? { isError: true } : {}),
    cacheSeconds: 300,
  };
}
