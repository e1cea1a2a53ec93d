// Who was told of a parked caller: by me, with their answer; or I was, with two buttons to answer.

import { announce } from "./announce.js";
import { timeOfDay } from "./clock.js";
import { alertDesktop } from "./desktop.js";
import { byId, handOver, stamp, write } from "./parts.js";
import { put, Still } from "./still.js";
import { callerName, say, slotLabel } from "./words.js";

/** @typedef {import("./types.js").Notice} Notice */

export class Inbox {
  /** @type {Map<number, {node: HTMLElement, parts: Record<string, any>}>} */ #rows = new Map();
  /** What was told before; null: nothing yet, and then nothing is new. @type {Map<number, string> | null} */ #known = null;
  #still = new Still();
  #list = /** @type {HTMLElement} */ (byId("inbox-list"));

  /** @param {import("./store.js").Store} store @param {import("./commands.js").Commands} commands @param {() => boolean} isLive */
  constructor(store, commands, isLive) {
    this.store = store;
    this.commands = commands;
    this.isLive = isLive;
    this.#list.addEventListener("click", (event) => this.#click(event));
  }

  draw() {
    const { notices } = this.store;
    byId("inbox").hidden = notices.length === 0;
    for (const [id, { node }] of this.#rows) {
      if (notices.some((one) => one.id === id)) continue;
      const focused = node.contains(document.activeElement);
      node.remove();
      this.#rows.delete(id);
      this.#still.moved(-1);
      if (focused) byId("inbox-title").focus({ preventScroll: true });
    }
    notices.forEach((one, place) => this.#row(one, place));
    this.#tell(notices);
  }

  /** @param {Notice[]} notices */
  #tell(notices) {
    const before = this.#known;
    this.#known = new Map(notices.map(({ id, answer }) => [id, answer]));
    if (!before) return;
    for (const one of notices) {
      const isNew = !before.has(one.id);
      if (one.to === this.store.me.id && isNew) {
        announce(this.#sentence(one));
        alertDesktop(this.#sentence(one));
      } else if (one.to !== this.store.me.id && !isNew && before.get(one.id) !== one.answer) announce(this.#sentence(one));
    }
  }

  /** @param {Notice} one */
  #sentence(one) {
    const lot = this.store.lots.get(one.lot);
    const about = { caller: callerName(one.caller), slot: slotLabel(one.slot, lot?.names[one.slot]) };
    if (one.to === this.store.me.id) return say("inbox.got", { ...about, sender: one.sender_name });
    return say(`inbox.sent_${one.answer || "open"}`, { ...about, to: one.to_name });
  }

  /** @param {Notice} one @param {number} place */
  #row(one, place) {
    const { node, parts } = this.#rows.get(one.id) ?? this.#make(one.id);
    if (this.#list.children[place] !== node && place < this.#list.children.length) this.#still.moved(-1);
    put(this.#list, node, place);
    const mine = one.to === this.store.me.id;
    node.dataset.answer = mine ? "" : one.answer;
    write(parts.words, this.#sentence(one));
    write(parts.text, one.text);
    write(parts.time, timeOfDay(one.at));
    handOver(node, () => {
      parts.coming.hidden = !mine || one.answer === "coming";
      parts.seen.hidden = !mine || Boolean(one.answer);
    });
    for (const part of [parts.coming, parts.seen]) part.setAttribute("aria-disabled", String(!this.isLive()));
    parts.coming.setAttribute("aria-label", say("inbox.coming_name", { caller: callerName(one.caller) }));
    parts.seen.setAttribute("aria-label", say("inbox.seen_name", { caller: callerName(one.caller) }));
  }

  /** @param {number} id */
  #make(id) {
    const made = stamp("notice-template");
    made.node.dataset.id = String(id);
    this.#rows.set(id, made);
    return made;
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const button = event.target instanceof Element ? event.target.closest("button[data-act]") : null;
    if (!button || event.detail > 1 || button.getAttribute("aria-disabled") === "true") return;
    const row = /** @type {HTMLElement} */ (button.closest(".notice-row"));
    if (event.detail && this.#still.isUnsettled(row)) return;
    const notice = Number(row.dataset.id);
    this.commands.give("seen", { notice, answer: button.getAttribute("data-act") }, { subject: `notice:${notice}` });
  }
}
