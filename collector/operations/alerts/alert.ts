import { basename } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { DaybookError, messageOf } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { alertType } from '../../formats/actions/alert-type.ts';
import type { AlertChannel, BookConfig } from '../../formats/config/config.ts';
import { type AlertCondition, parseAlertCondition } from '../../runs/alerts/rule.ts';
import { readBackoff, writeBackoff } from '../../store/alert-backoff.ts';
import { takeAlertRequest } from '../../store/alert-request.ts';
import { maskingFor } from '../../store/book-masking.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { withFileLock } from '../../store/file-lock.ts';
import { recordAction } from '../actions/record.ts';
import { channelName, channelOf } from './channels/channels.ts';
import { type AlertFacts, evaluate } from './evaluate.ts';
import { bookFacts, readAlerts } from './facts.ts';
import { type AlertRecord, recordOf, type Told, toldBy } from './memory.ts';
import type { AlertEvent, AlertMessage } from './message.ts';
import type { RequestEffects } from './request.ts';

/** What alerting needs from the world. */
export interface AlertEffects {
  clock: Clock;
  env: NodeJS.ProcessEnv;
  requests: RequestEffects;
  /** The name of this build of Daybook, where what it kept of the book may be used. */
  build?: string | undefined;
}

/** How alerting goes about it. */
export interface AlertOptions {
  /** Says what would be sent, sends and records nothing. */
  dryRun?: boolean | undefined;
  /** Sends a message to every channel that says it is a test; looks at no rule. */
  test?: boolean | undefined;
  /** Actions and runs from so long on are new; default: a day. */
  sinceUs?: number | undefined;
  /** Looks at nothing where the book has no rules. */
  ifRules?: boolean | undefined;
  /** Looks at nothing where the book does not ask for alerts after each action. */
  afterAction?: boolean | undefined;
}

/** One message of one rule to one channel, and what became of it. */
export interface Sent {
  rule: string;
  channel: string;
  state: AlertMessage['state'];
  events: string[];
  title: string;
  /** `sent`, `failed`, `waiting` (a service asked for a pause that is not over) or `would send`. */
  outcome: 'sent' | 'failed' | 'waiting' | 'would send';
  problem: string | null;
}

const dayUs = 86_400e6;

/**
 * Holds the rules of daybook.yaml against the book and tells each channel what is new, once. What was told is recorded as
 * an action of type alert, so that the next call knows it, in a fresh clone, too; what could not be told is owed.
 * @throws DaybookError `usage` where there are no rules, or one cannot be understood.
 */
export async function alertBook(root: string, options: AlertOptions, effects: AlertEffects): Promise<Sent[]> {
  const { config, findings } = await readConfigFile(root);
  const { afterAction, rules: readable } = config.alerts;
  // Rules that are there and cannot be read are told, whoever asks.
  const hasNone = readable.length === 0 && !findings.some(({ path }) => path?.startsWith('alerts'));
  if ((options.ifRules && hasNone) || (options.afterAction && !afterAction)) return [];
  const rules = understood(config);
  if (options.dryRun) return alertAll(root, config, rules, options, effects);
  // Two at a time would tell everything twice.
  return withFileLock(root, 'alert', 'alerts', () => {
    takeAlertRequest(root);
    return alertAll(root, config, rules, options, effects);
  });
}

interface Rule {
  rule: string;
  when: string;
  condition: AlertCondition;
  channels: readonly AlertChannel[];
}

function understood({ alerts }: BookConfig): Rule[] {
  if (alerts.rules.length === 0)
    throw new DaybookError(
      'usage',
      'Expected rules under "alerts" in daybook.yaml, found none that can be read.',
      {
        hint: 'docs/alerts.md has examples; daybook doctor says what is wrong with rules that are there.',
        where: 'daybook.yaml',
      },
    );
  return alerts.rules.map(({ name, when, notify }) => {
    const { condition, problem } = parseAlertCondition(when);
    if (condition === undefined)
      throw new DaybookError('usage', problem, {
        hint: 'For example: action.status = failed AND type = deploy, metric acc < 0.9, silent > 2h',
        where: `daybook.yaml, alerts, ${when}`,
      });
    return { rule: name ?? when, when, condition, channels: notify };
  });
}

async function alertAll(
  root: string,
  config: BookConfig,
  rules: readonly Rule[],
  options: AlertOptions,
  effects: AlertEffects,
): Promise<Sent[]> {
  const nowUs = effects.clock.nowUs();
  const sinceUs = options.sinceUs ?? nowUs - dayUs;
  const facts = bookFacts(root, config, { nowUs, sinceUs, build: effects.build });
  const records = await readAlerts(root, effects.build);
  const courier = new Courier(root, config, options.dryRun === true, effects);
  const sent: Sent[] = [];
  for (const rule of rules) {
    const messages = options.test
      ? rule.channels.map((channel) => ({ channel, message: testMessage(rule, nowUs), told: noneTold }))
      : await messagesOf(rule, { facts, records, sinceUs, nowUs });
    for (const { channel, message, told } of messages) {
      if (options.test && sent.some((each) => each.channel === channelName(channel))) continue;
      sent.push(await courier.deliver(channel, message, told, options.test === true));
    }
  }
  return sent;
}

const noneTold: Told = {
  told: new Set(),
  owed: new Set(),
  open: new Set(),
  untilUs: Number.NEGATIVE_INFINITY,
  issue: undefined,
};

function testMessage({ rule, when }: Rule, nowUs: number): Omit<AlertMessage, 'book'> {
  const event = {
    id: 'test',
    title: 'a test of alerts, nothing has happened',
    atUs: nowUs,
    detail: undefined,
  };
  return { state: 'firing', rule, when, events: [event], nowUs };
}

interface Outgoing {
  channel: AlertChannel;
  message: Omit<AlertMessage, 'book'>;
  told: Told;
}

/** What is new for each channel of a rule: events that were not told, and the end of those that were. */
async function messagesOf(
  { rule, when, condition, channels }: Rule,
  {
    facts,
    records,
    sinceUs,
    nowUs,
  }: { facts: AlertFacts; records: readonly AlertRecord[]; sinceUs: number; nowUs: number },
): Promise<Outgoing[]> {
  const { events, isState, endOf } = await evaluate(condition, facts);
  return channels.flatMap((channel) => {
    const told = toldBy(records, rule, channelName(channel));
    const isNew = ({ id, atUs }: AlertEvent) => {
      if (told.told.has(id)) return false;
      // A state is told when it begins, and again only when it had ended.
      if (isState) return told.open.size === 0;
      return told.owed.has(id) || (atUs !== undefined && atUs >= sinceUs && atUs > told.untilUs);
    };
    const fresh = events.filter(isNew);
    const ended = [...told.open].flatMap((id) => endOf(id) ?? []);
    const base = { rule, when, nowUs };
    return [
      ...(ended.length === 0
        ? []
        : [{ channel, message: { ...base, state: 'well' as const, events: ended }, told }]),
      ...(fresh.length === 0
        ? []
        : [{ channel, message: { ...base, state: 'firing' as const, events: fresh }, told }]),
    ];
  });
}

/** Takes messages to channels, and records what became of each. */
class Courier {
  readonly #root: string;
  readonly #config: BookConfig;
  readonly #isDry: boolean;
  readonly #effects: AlertEffects;

  constructor(root: string, config: BookConfig, isDry: boolean, effects: AlertEffects) {
    this.#root = root;
    this.#config = config;
    this.#isDry = isDry;
    this.#effects = effects;
  }

  async deliver(
    channel: AlertChannel,
    bare: Outgoing['message'],
    told: Told,
    isTest: boolean,
  ): Promise<Sent> {
    const message = this.#masked(bare);
    const name = channelName(channel);
    const sent = {
      rule: message.rule,
      channel: name,
      state: message.state,
      events: message.events.map(({ id }) => id),
      title: message.events[0]?.title ?? '',
      problem: null,
    };
    if (this.#isDry) return { ...sent, outcome: 'would send' };
    const waitUs = isTest ? undefined : readBackoff(this.#root).get(name)?.untilUs;
    if (waitUs !== undefined && waitUs > message.nowUs)
      return { ...sent, outcome: 'waiting', problem: 'it is tried again later, because it failed just now' };
    const staysOpen = message.state === 'well' && told.open.size > message.events.length;
    const { requests, env } = this.#effects;
    const send = await channelOf(channel);
    const delivery = await send(message, { issue: told.issue, staysOpen }, { requests, env });
    if (isTest)
      return {
        ...sent,
        ...(delivery.ok ? { outcome: 'sent' } : { outcome: 'failed', problem: delivery.problem }),
      };
    if (delivery.ok) writeBackoff(this.#root, name, undefined);
    else if (!delivery.unsent)
      writeBackoff(this.#root, name, { nowUs: message.nowUs, waitMs: delivery.waitMs });
    if (delivery.ok) {
      await this.#record('completed', recordOf(message, name, { issue: delivery.issue }));
      return { ...sent, outcome: 'sent' };
    }
    // A failure is recorded once: then its events are owed until they are told.
    if (message.state === 'firing' && sent.events.some((id) => !told.owed.has(id)))
      await this.#record('failed', recordOf(message, name, { problem: delivery.problem }));
    return { ...sent, outcome: 'failed', problem: delivery.problem };
  }

  /** What was recorded by others may hold secrets that nobody masked: none leaves the book. */
  #masked(message: Outgoing['message']): AlertMessage {
    const { texts } = maskingFor(this.#config.redaction);
    const book = this.#config.title ?? basename(this.#root);
    const events = message.events.map(({ id, atUs, ...event }) => ({
      id,
      atUs,
      ...(texts({ ...event, detail: event.detail ?? null, url: event.url ?? null }) as {
        title: string;
        detail: string | null;
        url: string | null;
      }),
    }));
    return {
      ...message,
      book,
      events: events.map((event) => ({
        ...event,
        detail: event.detail ?? undefined,
        url: event.url ?? undefined,
      })),
    };
  }

  /** A record that has to wait in the spool counts: the message is out, and the next recording takes it in. */
  async #record(status: string, details: JsonObject): Promise<void> {
    try {
      await recordAction(this.#root, { type: alertType, status, details }, this.#effects);
    } catch (error) {
      if (!(error instanceof DaybookError)) throw new Error(messageOf(error), { cause: error });
    }
  }
}
