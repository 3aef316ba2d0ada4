import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../collector/formats/config/config.ts';

const read = (text: string) => parseConfig(text, 'daybook.yaml');

describe('alerts in daybook.yaml', () => {
  it('are a list of rules', async () => {
    const { config, findings } = await read(`alerts:
  - name: deploys
    when: action.status = failed and type = deploy
    notify:
      - slack: $SLACK_URL
      - github: this
      - email: { to: [ops@example.org, me@example.org], from: daybook@example.org, server: $SMTP_URL }
`);
    expect(findings).toEqual([]);
    expect(config.alerts).toEqual({
      afterAction: false,
      rules: [
        {
          name: 'deploys',
          when: 'action.status = failed and type = deploy',
          notify: [
            { kind: 'slack', address: '$SLACK_URL' },
            { kind: 'github', repository: 'this' },
            {
              kind: 'email',
              to: ['ops@example.org', 'me@example.org'],
              from: 'daybook@example.org',
              server: '$SMTP_URL',
            },
          ],
        },
      ],
    });
  });

  it('are a map, whose notify is that of rules that name nobody', async () => {
    const { config } = await read(`alerts:
  after: action
  notify: [{ webhook: $HOOK }]
  rules:
    - when: silent > 2h
    - when: overdue > 1
      notify: [{ discord: $D }]
`);
    expect(config.alerts.afterAction).toBe(true);
    expect(config.alerts.rules.map(({ notify }) => notify)).toEqual([
      [{ kind: 'webhook', address: '$HOOK' }],
      [{ kind: 'discord', address: '$D' }],
    ]);
  });

  it('refuse an address in the file, and do not repeat it', async () => {
    const secret = 'https://hooks.slack.example/services/T00/B00/XXXX';
    const { config, findings } = await read(
      `alerts:\n  - when: silent > 2h\n    notify: [{ slack: '${secret}' }]\n`,
    );
    expect(config.alerts.rules).toEqual([]);
    expect(findings[0]).toMatchObject({
      code: 'bad-config',
      line: 3,
      expected:
        'the name of an environment variable, such as "$SLACK_URL"; addresses are secrets, and stand in no book',
      found: 'another text',
    });
    expect(JSON.stringify(findings)).not.toContain('hooks.slack');
  });

  it.each([
    [
      "- when: silent > 2h\n    notify: [{ email: { to: 'a@b.c\\nBcc: x@y.z', from: a@b.c, server: $S } }]",
      /mail address/,
    ],
    ['- when: silent > 2h\n    notify: [{ slack: $A, discord: $B }]', /exactly one of/],
    ['- when: silent > 2h\n    notify: [{ github: ../evil }]', /owner\/name/],
    ['- when: silent > 2h', /somebody to notify/],
    ['- wen: silent > 2h\n    notify: [{ slack: $A }]', /a setting Daybook knows/],
  ])('refuse %s', async (text, expected) => {
    const { config, findings } = await read(`alerts:\n  ${text}\n`);
    expect(config.alerts.rules).toEqual([]);
    expect(findings.map((finding) => finding.expected).join()).toMatch(expected);
  });

  it('suggest what was meant', async () => {
    const { findings } = await read('alerts:\n  - wen: silent > 2h\n    notify: [{ slack: $A }]\n');
    expect(findings[0]).toMatchObject({ found: '"wen"', hint: 'Did you mean "when"?' });
  });
});
