// How a command is going, in words. A kind of command may have words of its own for a code: `progress.<kind>_<code>`.

import { knows, say } from "./words.js";

/**
 * @param {{kind: string, caller: string, phone: string}} command
 * @param {string} code
 * @param {Record<string, string>} params
 */
export function sentence({ kind, caller, phone }, code, params) {
  const own = `progress.${kind}_${code}`;
  const words = knows(own) ? own : `progress.${code}`;
  if (!knows(words)) return say("progress.unknown_code", { code });
  const why = params.why ? sentence({ kind, caller, phone }, params.why, { ...params, why: "" }) : "";
  const rung = kind === "send" ? phone : params.phone || phone; // the server knows a colleague's phone by its number
  return say(words, { ...params, why, caller, phone: rung, by: params.by || say("tile.somebody") });
}
