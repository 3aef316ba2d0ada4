import type { JsonObject } from '../../../base/json/json.ts';
import { jsonText } from '../../../base/json/text.ts';
import { isoMicros } from '../../../base/time.ts';
import { type AlertMessage, cut, headOf, linesOf } from '../message.ts';
import { send } from '../request.ts';
import { addressFrom, type SendMessage } from './channel.ts';

/** A channel that takes one JSON document at an address from the environment. */
export function hook(reference: string, bodyOf: (message: AlertMessage) => JsonObject): SendMessage {
  return async (message, _, { requests, env }) => {
    const found = addressFrom(reference, env);
    if ('problem' in found) return { ok: false, unsent: true, problem: found.problem };
    const headers = { 'content-type': 'application/json' };
    const body = jsonText(bodyOf(message));
    return send({ address: found.address, method: 'POST', headers, body }, requests);
  };
}

/** For programs: the message as data, texts as they were recorded. */
export function webhookBody(message: AlertMessage): JsonObject {
  const { state, book, rule, when, events, nowUs } = message;
  const iso = (us: number | undefined) => (us === undefined ? null : isoMicros(us));
  return {
    source: 'daybook',
    state,
    book,
    rule,
    when,
    at: isoMicros(nowUs),
    text: linesOf(message).join('\n'),
    events: events.map(({ id, title, atUs, detail, url }) => ({
      id,
      title,
      at: iso(atUs),
      detail: detail ?? null,
      url: url ?? null,
    })),
  };
}

/** For Slack: a block of plain text, in which nothing is a mention, a link or markup; and the same, escaped, for notifications. */
export function slackBody(message: AlertMessage): JsonObject {
  const text = cut(linesOf(message).join('\n'), 2900);
  return {
    text: slackText(headOf(message)),
    mrkdwn: false,
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [{ type: 'section', text: { type: 'plain_text', text, emoji: false } }],
  };
}

/** Slack's own three signs, and names behind "@" that it might take for people. */
export function slackText(text: string): string {
  return withoutMentions(text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
}

/** For Discord: every sign of its markup escaped, and nobody may be mentioned whatever the text says. */
export function discordBody(message: AlertMessage): JsonObject {
  return {
    content: cut(discordText(linesOf(message).join('\n')), 1950),
    allowed_mentions: { parse: [] },
    // No previews of links.
    flags: 4,
  };
}

/** A text that Discord shows as it is. */
export function discordText(text: string): string {
  return withoutMentions(text.replace(/[\\*_~`|>#+=[\](){}<:.!-]/g, '\\$&'));
}

/** "@everyone" is no name any more with a space without width in it. */
export function withoutMentions(text: string): string {
  return text.replaceAll('@', '@\u200b');
}
