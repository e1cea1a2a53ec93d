// What a person asks for, from the click to its end: every command gets an answer in words, even when none comes.

import { callerName, knows, say } from "./words.js";

/** @typedef {{number: string, id: number | null}} ChosenPhone */
/** @typedef {{id: string, uniqueid: string, lot: number, slot: number, caller: string, phone: string,
 *   words: string, stopping: boolean, timer: number}} Command */
/** @typedef {{failed: boolean, code: string, words: string}} End */

const ANSWER_LIMIT = 10_000;
const ENDS = ["connected", "failed", "done"];

export class Commands {
  /** @type {Map<string, Command>} */ #running = new Map();
  /** Given up here for want of an answer; the other side may be at it still. @type {Map<string, Command>} */
  #unanswered = new Map();
  #count = 0;

  /**
   * @param {(message: object) => boolean} send
   * @param {{going: (command: Command) => void, ended: (command: Command, end: End) => void}} tell
   */
  constructor(send, tell) {
    this.send = send;
    this.tell = tell;
  }

  /** @param {number} lot @param {import("./types.js").Call} call @param {ChosenPhone} phone */
  retrieve(lot, call, phone) {
    const { uniqueid, slot } = call;
    if (this.of(uniqueid)) return;
    const command = this.#start({ uniqueid, lot, slot, caller: callerName(call.caller), phone: phone.number });
    this.#ask(command, { type: "retrieve", command: command.id, lot, slot, uniqueid, phone: phone.id });
  }

  parkDemo() {
    const command = this.#start({ uniqueid: "", lot: 0, slot: 0, caller: "", phone: "" });
    this.#ask(command, { type: "park_demo", command: command.id });
  }

  /** @param {string} uniqueid */
  stop(uniqueid) {
    const command = this.of(uniqueid);
    if (!command || command.stopping || !this.send({ type: "cancel", command: command.id })) return;
    command.stopping = true;
    command.words = say("progress.stopping");
    this.#expectAnswer(command);
    this.tell.going(command);
  }

  /** @param {string} uniqueid @returns {Command | null} the command under way for a call */
  of(uniqueid) {
    return [...this.#running.values()].find((command) => uniqueid && command.uniqueid === uniqueid) ?? null;
  }

  /** @param {import("./types.js").Progress} progress */
  progress({ command: id, state, code, params = {} }) {
    const command = this.#running.get(id) ?? this.#revived(id);
    if (!command) return; // ended already, or of another life of this page
    if (ENDS.includes(state)) return this.#end(command, state === "failed", code, params);
    clearTimeout(command.timer);
    if (!command.stopping) command.words = this.#sentence(command, code, params);
    else this.#expectAnswer(command);
    this.tell.going(command);
  }

  /** Nobody can tell any more how these ended: the connection broke, or the link to Asterisk (`link_lost`).
   * @param {string} code */
  lost(code) {
    for (const command of [...this.#running.values()]) this.#end(command, true, code, {});
  }

  /** @param {Pick<Command, "uniqueid" | "lot" | "slot" | "caller" | "phone">} about @returns {Command} */
  #start(about) {
    const command = { ...about, id: `c${++this.#count}`, words: say("progress.asking"), stopping: false, timer: 0 };
    this.#running.set(command.id, command);
    return command;
  }

  /** @param {Command} command @param {object} message */
  #ask(command, message) {
    if (!this.send(message)) return this.#end(command, true, "not_sent", {});
    this.#expectAnswer(command);
    this.tell.going(command);
  }

  /** @param {Command} command */
  #expectAnswer(command) {
    clearTimeout(command.timer);
    command.timer = setTimeout(() => {
      this.#unanswered.set(command.id, command);
      this.#end(command, true, "bridge_silent", {});
    }, ANSWER_LIMIT);
  }

  /** A late answer counts: the person's phone may ring now. Unless the person asked again meanwhile.
   * @param {string} id */
  #revived(id) {
    const command = this.#unanswered.get(id);
    this.#unanswered.delete(id);
    if (!command || this.of(command.uniqueid)) return null;
    command.stopping = false;
    this.#running.set(id, command);
    return command;
  }

  /** @param {Command} command @param {boolean} failed @param {string} code @param {Record<string, string>} params */
  #end(command, failed, code, params) {
    clearTimeout(command.timer);
    this.#running.delete(command.id);
    const cancelled = command.stopping && !failed && !knows(`progress.${code}`);
    const ending = cancelled ? "cancelled" : code;
    this.tell.ended(command, { failed, code: ending, words: this.#sentence(command, ending, params) });
  }

  /** @param {Command} command @param {string} code @param {Record<string, string>} params */
  #sentence(command, code, params) {
    if (!knows(`progress.${code}`)) return say("progress.unknown_code", { code });
    const by = params.by || say("tile.somebody");
    return say(`progress.${code}`, { caller: command.caller, phone: command.phone, ...params, by });
  }
}
