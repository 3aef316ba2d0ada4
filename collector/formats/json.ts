export { isObject, type JsonObject, type JsonValue } from '../base/json.ts';
