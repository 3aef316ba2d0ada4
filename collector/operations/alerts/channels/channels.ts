import type { AlertChannel } from '../../../formats/config/config.ts';
import type { SendMessage } from './channel.ts';

/** What a channel is called in records and answers; it holds no secret, only the name of the variable that does. */
export function channelName(channel: AlertChannel): string {
  switch (channel.kind) {
    case 'email':
      return `email ${channel.to.join(',')}`;
    case 'github':
      return `github ${channel.repository}`;
    default:
      return `${channel.kind} ${channel.address}`;
  }
}

/** How to send by a channel; its code is loaded when it is used. */
export async function channelOf(channel: AlertChannel): Promise<SendMessage> {
  switch (channel.kind) {
    case 'email':
      return (await import('./email.ts')).email(channel);
    case 'github':
      return (await import('./github.ts')).githubIssue(channel.repository);
    default: {
      const { discordBody, hook, slackBody, webhookBody } = await import('./hooks.ts');
      const bodies = { webhook: webhookBody, slack: slackBody, discord: discordBody };
      return hook(channel.address, bodies[channel.kind]);
    }
  }
}
