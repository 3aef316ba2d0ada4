import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mailText } from '../../../collector/operations/alerts/channels/email.ts';
import {
  discordBody,
  discordText,
  slackBody,
  slackText,
  webhookBody,
} from '../../../collector/operations/alerts/channels/hooks.ts';
import { type AlertMessage, headOf, linesOf, oneLine } from '../../../collector/operations/alerts/message.ts';

const nowUs = Date.UTC(2026, 10, 27, 11) * 1000;
const hostile = [
  '<!channel> <@U012AB> <https://evil.example|click> & *bold*',
  '@everyone @here <@&123> [x](https://evil.example) ||spoiler|| `code` https://evil.example',
  'x\r\nBcc: victim@example.org\r\n\r\n.\r\nMAIL FROM:<evil@example.org>',
  '@octocat #1 <!-- daybook-alert 0 --> </details> <img src=x onerror=alert(1)> ``` ````',
  '\u202Egnp.exe \u0000\u001b[31m\u2028line',
].join('\n');

function message(title: string, detail = title): AlertMessage {
  const event = { id: 'action:1', title, atUs: nowUs, detail };
  const when = 'action.status = failed';
  return { state: 'firing', book: title, rule: when, when, events: [event], nowUs };
}

describe('a message', () => {
  it('is plain lines: what happened, when, the error, the rule', () => {
    expect(linesOf({ ...message('deploy failed', 'no space left'), book: 'acme/atlas' })).toEqual([
      'acme/atlas: deploy failed',
      '• deploy failed, on Nov 27 at 11:00 UTC',
      '  no space left',
      'Rule: action.status = failed',
    ]);
  });

  it('tells ten events one by one, and how many more there are', () => {
    const one = message('deploy failed').events[0]!;
    const events = Array.from({ length: 47 }, (_, at) => ({ ...one, id: `${at}`, detail: undefined }));
    const lines = linesOf({ ...message('x'), book: 'b', events });
    expect(lines[0]).toBe('b: 47 events of action.status = failed');
    expect(lines).toContain('… and 37 more');
    expect(lines).toHaveLength(13);
  });

  it('has one line for each thing, whatever was recorded', () => {
    expect(oneLine(hostile)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (text) => {
        const lines = linesOf(message(text));
        expect(lines.length).toBeLessThanOrEqual(4);
        for (const line of lines) expect(line).not.toMatch(/[\r\n\u0000\u2028]/);
        expect(headOf(message(text)).length).toBeLessThanOrEqual(201);
      }),
    );
  });
});

describe('Slack', () => {
  it('gets plain text in its block, and no mention or link anywhere', () => {
    const body = slackBody(message(hostile)) as {
      text: string;
      blocks: { text: { type: string; text: string } }[];
    };
    expect(body).toMatchObject({ mrkdwn: false, parse: 'none', link_names: false, unfurl_links: false });
    expect(body.blocks.map(({ text }) => text.type)).toEqual(['plain_text']);
    expect(body.text).not.toMatch(/[<>]/);
    expect(body.text).not.toMatch(/@(channel|here|everyone|U012AB)/);
    expect(slackText('a < b & c > d @here')).toBe('a &lt; b &amp; c &gt; d @\u200bhere');
  });
});

describe('Discord', () => {
  it('mentions nobody, and every sign of its markup is escaped', () => {
    const body = discordBody(message(hostile)) as { content: string };
    expect(body).toMatchObject({ allowed_mentions: { parse: [] }, flags: 4 });
    expect(body.content).not.toMatch(/@(everyone|here)/);
    expect(body.content).not.toMatch(/(?<!\\)[*_~`|[\]<>]/);
    expect(body.content).not.toContain('https://');
    expect(discordText('*a* @everyone')).toBe('\\*a\\* @\u200beveryone');
  });

  it('has at most 2000 characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('*', '@', '😀', 'x'), maxLength: 2000 }), (text) => {
        const { content } = discordBody(message(text)) as { content: string };
        expect(content.length).toBeLessThanOrEqual(2000);
        expect(content.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('a webhook', () => {
  it('gets the texts as they were recorded, as data', () => {
    expect(webhookBody(message(hostile))).toMatchObject({
      source: 'daybook',
      state: 'firing',
      at: '2026-11-27T11:00:00.000000Z',
      events: [
        { id: 'action:1', title: hostile, at: '2026-11-27T11:00:00.000000Z', detail: hostile, url: null },
      ],
    });
  });
});

describe('a mail', () => {
  const people = { from: 'daybook@example.org', to: ['ops@example.org', 'me@example.org'] };
  const headersOf = (text: string) => text.split('\r\n\r\n')[0]!.replace(/\r\n /g, ' ').split('\r\n');

  it('has the headers it should have and no others, whatever was recorded', () => {
    const names = [
      'From',
      'To',
      'Subject',
      'Date',
      'Message-ID',
      'Auto-Submitted',
      'MIME-Version',
      'Content-Type',
      'Content-Transfer-Encoding',
    ];
    fc.assert(
      fc.property(fc.oneof(fc.constant(hostile), fc.string({ unit: 'binary' })), (text) => {
        const mail = mailText(message(text), people);
        expect(mail).toMatch(/^[\x20-\x7e\r\n]*$/);
        expect(headersOf(mail).map((line) => line.split(':')[0])).toEqual(names);
        for (const line of mail.split('\r\n')) {
          expect(line.length).toBeLessThanOrEqual(100);
          // A dot alone would end the mail.
          expect(line).not.toMatch(/^\./);
          expect(line).not.toMatch(/[\r\n]/);
        }
      }),
    );
  });

  it('says what the message says', () => {
    const mail = mailText({ ...message('déployé 😀 '.repeat(12)), book: 'atlas' }, people);
    const [, body = ''] = mail.split('\r\n\r\n');
    expect(Buffer.from(body, 'base64').toString()).toContain('déployé 😀');
    const subject = headersOf(mail).find((line) => line.startsWith('Subject: '))!;
    const words = [...subject.matchAll(/=\?utf-8\?B\?([^?]+)\?=/g)].map(([, word]) =>
      Buffer.from(word!, 'base64').toString(),
    );
    expect(words.join('')).toBe(headOf({ ...message('déployé 😀 '.repeat(12)), book: 'atlas' }));
    expect(mail).toContain('To: <ops@example.org>,\r\n <me@example.org>');
  });
});
