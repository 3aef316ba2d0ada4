import { sha256Hex } from '../../base/hash.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import type { Imported, ImportKind } from './imported.ts';
import { objectsIn, previewOf, textIn, timeUs } from './values.ts';

/**
 * Logs that agents keep of their sessions: a message a line, with a role, blocks of text, tool calls and tool results. Of texts a
 * preview and their digest are taken.
 */
export const agentSession: ImportKind = {
  name: 'agent-session',
  about: "an agent's log of a session: prompts, tool calls and their results, tokens",
  recognises: (value) => isMessage(value) && textIn(value['sessionId'] ?? value['session_id']) !== undefined,
  *read(value) {
    const atUs = timeUs(value['timestamp']);
    if (!isMessage(value) || atUs === undefined) return;
    const message = value['message'] as JsonObject;
    const id = textIn(value['uuid']) ?? sha256Hex(jsonText(value));
    const around = aboutSession(value);
    const content = message['content'];
    const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : objectsIn(content);
    for (const [at, block] of blocks.entries())
      yield* blockOf(block, { key: `${id}#${at}`, atUs, around, message });
    const usage = message['usage'];
    if (isObject(usage))
      yield {
        // Several lines of one answer tell its tokens again.
        key: `${textIn(message['id']) ?? id}#usage`,
        atUs,
        type: 'agent.answer',
        status: 'completed',
        details: { ...around, model: message['model'] ?? null, tokens: usage },
      };
  },
};

interface Place {
  key: string;
  atUs: number;
  around: JsonObject;
  message: JsonObject;
}

function* blockOf(block: JsonObject, { key, atUs, around, message }: Place): Generator<Imported> {
  const tell = (type: string, status: string, details: JsonObject, id = key): Imported => ({
    key: id,
    atUs,
    type,
    status,
    details: { ...around, ...details },
  });
  const call = textIn(block['id'] ?? block['tool_use_id']);
  if (block['type'] === 'text' && message['role'] === 'user')
    yield tell('agent.prompt', 'completed', { text: toldText(block['text']) });
  if (block['type'] === 'tool_use')
    yield tell(
      'agent.tool',
      'running',
      { tool: block['name'] ?? null, input: toldText(block['input']) },
      call,
    );
  if (block['type'] === 'tool_result') {
    const failed = block['is_error'] === true;
    yield tell('agent.tool', failed ? 'failed' : 'completed', { output: toldText(block['content']) }, call);
  }
}

function isMessage(value: JsonObject): boolean {
  return isObject(value['message']) && 'content' in value['message'] && 'timestamp' in value;
}

function aboutSession(value: JsonObject): JsonObject {
  const session = textIn(value['sessionId'] ?? value['session_id']);
  return {
    ...(session !== undefined && { session }),
    ...(typeof value['cwd'] === 'string' && { folder: value['cwd'] }),
  };
}

/** How a text begins, how long it is, and what it is told by. */
function toldText(value: JsonValue | undefined): JsonObject {
  const text = typeof value === 'string' ? value : jsonText(value ?? null);
  return { preview: previewOf(text), bytes: Buffer.byteLength(text), sha256: sha256Hex(text) };
}
