import type { SiteBook } from '../../data/book/types.ts';
import { type ElsewherePage, elsewherePageFacts, type ListedBadge } from '../../data/elsewhere/page.ts';
import { linkPart, Panel, titlePart } from '../basics.tsx';
import { group, type Part, part } from '../part.ts';

const shownBadges = 12;

/** What others can take from this site: badges to copy, feeds to subscribe, files for programs. */
export function elsewherePage(book: SiteBook): Part {
  const page = elsewherePageFacts(book);
  return (
    <>
      {titlePart(
        'Badges and feeds',
        'What other pages and programs can take from this site. Everything here says when, and nothing how long ago: a file cannot know how old it is.',
      )}
      <div class="grid">
        {page.address === undefined && addressNote()}
        {page.badges.length > 0 && badgesPanel(page)}
        {page.feeds.length > 0 && feedsPanel(page)}
        {filesPanel(page)}
      </div>
    </>
  );
}

function addressNote(): Part {
  return (
    <Panel title="Where is this site?">
      <p class="panel-text">
        The book does not say where its dashboard is published, so what is copied below has an example in its
        place, feeds have no whole addresses, and there is no sitemap. In daybook.yaml:
      </p>
      {copyPart('site:\n  address: https://you.github.io/project/')}
    </Panel>
  );
}

function badgesPanel({ badges, byService }: ElsewherePage): Part {
  const more = badges.slice(shownBadges);
  return (
    <Panel title="Badges" note="Markdown to copy; the same names with .json are for shields.io">
      <ul class="badges">{badges.slice(0, shownBadges).map(badgePart)}</ul>
      {more.length > 0 && (
        <details class="more">
          <summary>{`${more.length} more`}</summary>
          <ul class="badges">{more.map(badgePart)}</ul>
        </details>
      )}
      {byService !== undefined && (
        <>
          <p class="panel-text badges-end">In another style, drawn by shields.io:</p>
          {copyPart(byService)}
        </>
      )}
      <p class="panel-text badges-end">
        A field, a metric or a type of actions of your choice, in daybook.yaml:
      </p>
      {copyPart(
        'site:\n  badges:\n    - { field: rail_status.deployment, label: deployment }\n    - { metric: iou }',
      )}
    </Panel>
  );
}

function badgePart({ image, said, about, markdown }: ListedBadge): Part {
  return (
    <li>
      <p class="badge-shown">
        <img src={image} alt={said} height={20} />
        <span class="pale">{about}</span>
      </p>
      {copyPart(markdown)}
    </li>
  );
}

function feedsPanel({ feeds }: ElsewherePage): Part {
  return (
    <Panel title="Feeds" note="the newest 50 of each" flush>
      <div class="table-frame">
        <table class="table">
          <tbody>
            {feeds.map(({ title, about, atom, json }) => (
              <tr>
                <th scope="row">{title}</th>
                <td>
                  {linkPart(atom, 'Atom')} · {linkPart(json, 'JSON Feed')}
                </td>
                <td class="dim wide-only">{about}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function filesPanel({ files }: ElsewherePage): Part {
  return (
    <Panel title="For programs" flush>
      <div class="table-frame">
        <table class="table">
          <tbody>
            {files.map(({ href, name, about }) => (
              <tr>
                <th scope="row">{linkPart(href, name, 'mono')}</th>
                <td class="dim">{about}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function copyPart(text: string): Part {
  return (
    <daybook-copy class="copy-command">
      <pre class="command" tabindex={0}>
        <code>{text}</code>
      </pre>
    </daybook-copy>
  );
}
