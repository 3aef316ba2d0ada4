import type { AlertMessage } from '../message.ts';
import type { Outcome, RequestEffects } from '../request.ts';

/** What a channel gets of the world. */
export interface ChannelEffects {
  requests: RequestEffects;
  env: NodeJS.ProcessEnv;
}

/** What a channel did before for the same rule. */
export interface Earlier {
  /** The issue that is open for the rule, where the channel makes issues. */
  issue: number | undefined;
  /** Whether an event of the rule stays open behind this message. */
  staysOpen: boolean;
}

/** How a message was delivered; an issue that it went to is remembered. */
export type Delivery = Outcome & { issue?: number };

/** Sends one message; never throws for what a service does. */
export type SendMessage = (
  message: AlertMessage,
  earlier: Earlier,
  effects: ChannelEffects,
) => Promise<Delivery>;

/** A value of the environment, or what to say of its absence. */
export function fromEnvironment(
  reference: string,
  env: NodeJS.ProcessEnv,
): { value: string } | { problem: string } {
  const name = reference.replace(/^\$\{?|\}$/g, '');
  const value = env[name]?.trim();
  return value ? { value } : { problem: `the environment variable ${name} is not set` };
}

/** The http(s) address that an environment variable holds. */
export function addressFrom(
  reference: string,
  env: NodeJS.ProcessEnv,
): { address: URL } | { problem: string } {
  const found = fromEnvironment(reference, env);
  if ('problem' in found) return found;
  const address = URL.canParse(found.value) ? new URL(found.value) : undefined;
  return address?.protocol === 'http:' || address?.protocol === 'https:'
    ? { address }
    : { problem: `the environment variable ${reference.replace(/^\$/, '')} holds no http(s) address` };
}
