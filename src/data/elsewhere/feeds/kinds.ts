/** The feeds of a site, by the names of their files. */
export const feedKinds = [
  {
    name: 'failures',
    title: 'Failures',
    about: 'Actions and runs that failed or were aborted, and snapshots that say so.',
  },
  {
    name: 'deployments',
    title: 'Deployments',
    about: 'Actions whose type has the word deploy or deployment in it.',
  },
  { name: 'everything', title: 'Everything', about: 'The newest actions, snapshots and runs.' },
] as const;

/** The name of a feed. */
export type FeedName = (typeof feedKinds)[number]['name'];
