// What a person asks for, from the click to its end: every command gets an answer in words, even when none comes.
// A new kind needs no line here: `give` sends any kind of docs/protocol.md, sentence.js finds its words.

import { sentence } from "./sentence.js";
import { callerName, knows } from "./words.js";

/** @typedef {import("./types.js").Place} Place */
/** @typedef {{failed: boolean, code: string, words: string, params: Record<string, any>}} End */
/**
 * @typedef {object} About
 * @property {string} [subject] what it is about; one kind of command at a time for each
 * @property {string} [uniqueid] of the call; "" or none: no call, or one that is not known yet
 * @property {number} [lot]
 * @property {number} [slot]
 * @property {string} [caller]
 * @property {string} [phone] which phone rings, as people say it
 * @property {(end: End) => boolean} [heard] true: the end was told to the person already
 * @property {(code: string, params: Record<string, any>) => unknown} [went] hears what comes before the end
 */
/** @typedef {Required<Omit<About, "heard" | "went">> & {id: string, kind: string, words: string, stopping: boolean,
 *   timer: number, heard?: (end: End) => boolean, went?: About["went"]}} Command */

const ANSWER_LIMIT = 10_000;
/** Without a word before they are done. */
const SLOW = /** @type {Record<string, number>} */ ({ park: 15_000, move: 15_000, more_time: 15_000, end: 15_000 });
const ENDS = ["connected", "failed", "done"];
/** These ring a phone: the tile shows how they go, with a Stop. */
const RINGING = ["retrieve", "take_next", "send"];
export const isRinging = (/** @type {string} */ kind) => RINGING.includes(kind);

export class Commands {
  /** @type {Map<string, Command>} */ #running = new Map();
  /** Given up here for want of an answer; the other side may be at it still. @type {Map<string, Command>} */
  #unanswered = new Map();
  #count = 0;

  /**
   * @param {(message: object) => boolean} send
   * @param {(lot: number, slot: number) => import("./types.js").Call | null} callAt
   * @param {{going: (command: Command) => void, ended: (command: Command, end: End) => void}} tell
   */
  constructor(send, callAt, tell) {
    this.send = send;
    this.callAt = callAt;
    this.tell = tell;
  }

  /** @param {string} kind @param {Place} place what is drawn @param {object} [fields] @param {About} [about] */
  onCall(kind, { lot, call }, fields = {}, about = {}) {
    const { uniqueid, slot } = call;
    if (isRinging(kind) && this.of(uniqueid)) return;
    const caller = callerName(call.caller);
    this.give(kind, { lot: lot.id, slot, uniqueid, ...fields }, { uniqueid, lot: lot.id, slot, caller, ...about });
  }

  /** @param {string} kind @param {object} fields of the message @param {About} about */
  give(kind, fields, about) {
    const { uniqueid = "", lot = 0, slot = 0, caller = "", phone = "", heard, went } = about;
    const subject = about.subject ?? uniqueid;
    if (this.about(kind, subject)) return;
    const id = `c${++this.#count}`;
    const command = { id, kind, subject, uniqueid, lot, slot, caller, phone, words: "", stopping: false, timer: 0, heard, went };
    command.words = sentence(command, "asking", {});
    this.#running.set(id, command);
    if (!this.send({ type: kind, command: id, ...fields })) return this.#end(command, true, "not_sent", {});
    this.#expectAnswer(command);
    this.tell.going(command);
  }

  /** @param {string} uniqueid */
  stop(uniqueid) {
    this.stopIt(this.of(uniqueid));
  }

  /** @param {Command | null} command */
  stopIt(command) {
    if (!command || command.stopping || !this.send({ type: "cancel", command: command.id })) return;
    command.stopping = true;
    command.words = sentence(command, "stopping", {});
    this.#expectAnswer(command);
    this.tell.going(command);
  }

  /** @param {string} uniqueid @returns {Command | null} the command that rings a phone for a call */
  of(uniqueid) {
    const rings = (/** @type {Command} */ { kind, uniqueid: id }) => isRinging(kind) && id === uniqueid;
    return (uniqueid && [...this.#running.values()].find(rings)) || null;
  }

  /** @param {string} kind @param {string} subject */
  about(kind, subject) {
    const fits = (/** @type {Command} */ one) => one.kind === kind && one.subject === subject;
    return (subject && [...this.#running.values()].find(fits)) || null;
  }

  /** @param {import("./types.js").Progress} progress */
  progress({ command: id, state, code, params = {}, lot, slot }) {
    const command = this.#running.get(id) ?? this.#revived(id);
    if (!command) return; // ended already, or of another life of this page
    if (command.kind === "take_next" && !command.uniqueid && lot && slot) this.#learn(command, lot, slot);
    if (code === "parked_paging") Object.assign(command, { lot, slot, uniqueid: params.uniqueid });
    if (ENDS.includes(state)) return this.#end(command, state === "failed", code, params);
    clearTimeout(command.timer);
    if (!command.stopping) command.words = sentence(command, code, params);
    else this.#expectAnswer(command);
    command.went?.(code, params);
    this.tell.going(command);
  }

  /** Nobody can tell any more how these ended: the connection broke, or the link to Asterisk (`link_lost`).
   * @param {string} code */
  lost(code) {
    for (const command of [...this.#running.values()]) this.#end(command, true, code, {});
  }

  /** Which call it is was not known when it was asked for. @param {Command} command @param {number} lot @param {number} slot */
  #learn(command, lot, slot) {
    const call = this.callAt(lot, slot);
    if (call) Object.assign(command, { lot, slot, uniqueid: call.uniqueid, caller: callerName(call.caller) });
  }

  /** @param {Command} command */
  #expectAnswer(command) {
    clearTimeout(command.timer);
    command.timer = setTimeout(() => {
      this.#unanswered.set(command.id, command);
      this.#end(command, true, "bridge_silent", {});
    }, SLOW[command.kind] ?? ANSWER_LIMIT);
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
    const end = { failed, code: ending, words: sentence(command, ending, params), params };
    if (!command.heard?.(end)) this.tell.ended(command, end);
  }
}
