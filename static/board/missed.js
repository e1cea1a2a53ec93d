// Callers who hung up while parked: to be called back, then done with. One click, and an undo.

import { announce, toast } from "./announce.js";
import { duration, timeOfDay } from "./clock.js";
import { Dialog } from "./dialog.js";
import { byId, handOver, stamp, write } from "./parts.js";
import { chosenPhone } from "./phones.js";
import { put, Still } from "./still.js";
import { callerName, say, slotLabel } from "./words.js";

/** @typedef {import("./types.js").Missed} Missed */

/** What each button is called. @type {[string, string][]} */
const NAMES = [["call", "call_name"], ["stop", "stop_name"], ["settle", "done_name"], ["remark", "remark_name"]];

export class MissedView {
  /** @type {Map<number, {node: HTMLElement, parts: Record<string, any>}>} */ #rows = new Map();
  #still = new Still();
  #about = 0;
  /** All that were ever on the list: who comes back to it by an undo is no news. @type {Set<number>} */ #known = new Set();
  #dialog = new Dialog("settle-dialog");
  #list = /** @type {HTMLElement} */ (byId("missed-list"));

  /** @param {import("./store.js").Store} store @param {import("./commands.js").Commands} commands @param {() => boolean} isLive */
  constructor(store, commands, isLive) {
    this.store = store;
    this.commands = commands;
    this.isLive = isLive;
    this.#list.addEventListener("click", (event) => this.#click(event));
    this.#dialog.parts.form.addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      const { caller, remark } = this.#dialog.parts;
      this.settle(this.#about, caller.textContent, { remark: remark.value.trim() });
    });
  }

  /** @param {Missed[]} missed the list from now on; who is new on it is said aloud */
  take(missed) {
    this.store.missed = missed;
    for (const { id, caller } of missed) if (!this.#known.has(id)) announce(say("missed.said", { caller: callerName(caller) }));
    this.draw();
  }

  draw() {
    const { missed } = this.store;
    for (const { id } of missed) this.#known.add(id);
    byId("missed").hidden = !this.store.mayRetrieveSomewhere();
    byId("missed").classList.toggle("quiet", missed.length === 0);
    write(byId("missed-count"), missed.length ? String(missed.length) : say("missed.none"));
    for (const id of this.#rows.keys()) if (!missed.some((one) => one.id === id)) this.#drop(id);
    missed.forEach((one, place) => this.#row(one, place));
    if (this.#dialog.isOpen && !this.#find(this.#about)) write(this.#dialog.parts.status, say("progress.not_missed"));
  }

  /** @param {number} id @param {string} caller @param {{remark?: string, undo?: boolean}} how */
  settle(id, caller, { remark = "", undo = false }) {
    const heard = (/** @type {import("./commands.js").End} */ end) => this.#heard(id, caller, end);
    this.commands.give("settle", { missed: id, remark, undo }, { subject: `missed:${id}`, caller, heard });
  }

  /** @param {number} id @param {string} caller @param {import("./commands.js").End} end */
  #heard(id, caller, end) {
    const here = this.#dialog.isOpen && this.#about === id;
    if (end.failed && here) write(this.#dialog.parts.status, end.words);
    else if (end.code === "settled") {
      if (here) this.#dialog.close();
      toast(end.words, "plain", { words: say("missed.undo"), act: () => this.settle(id, caller, { undo: true }) });
    } else toast(end.words, end.failed ? "bad" : "plain");
    return true;
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const button = event.target instanceof Element ? event.target.closest("button[data-act]") : null;
    if (!button || event.detail > 1 || button.getAttribute("aria-disabled") === "true") return;
    const row = /** @type {HTMLElement} */ (button.closest(".missed-row"));
    if (event.detail && this.#still.isUnsettled(row)) return toast(say("progress.just_changed"), "plain");
    const id = Number(row.dataset.id);
    const one = this.#find(id);
    const act = button.getAttribute("data-act");
    if (act === "remark") this.#ask(id);
    else if (act === "stop") this.commands.stopIt(this.commands.about("call_back", `missed:${id}`));
    else if (one && act === "call") this.#callBack(one);
    else if (one) this.settle(id, callerName(one.caller), {});
  }

  /** @param {Missed} one */
  #callBack({ id, caller }) {
    const { id: phone, number } = chosenPhone();
    const about = { subject: `missed:${id}`, caller: callerName(caller), phone: number };
    this.commands.give("call_back", { missed: id, phone }, about);
  }

  /** @param {number} id */
  #ask(id) {
    const one = this.#find(id);
    if (!one) return;
    const { caller, remark, status } = this.#dialog.parts;
    if (this.#about !== id) remark.value = "";
    this.#about = id;
    write(caller, callerName(one.caller));
    write(status, "");
    this.#dialog.open();
    remark.focus();
  }

  /** @param {Missed} one @param {number} place */
  #row(one, place) {
    const { node, parts } = this.#rows.get(one.id) ?? this.#make(one.id);
    if (this.#list.children[place] !== node && place < this.#list.children.length) this.#still.moved(-1);
    put(this.#list, node, place);
    const lot = this.store.lots.get(one.lot);
    const caller = callerName(one.caller);
    const where = { slot: slotLabel(one.slot, lot?.names[one.slot]), lot: lot ? lot.label || lot.name : "" };
    write(parts.caller, caller);
    write(parts.number, one.caller.name ? one.caller.number : "");
    const going = this.commands.about("call_back", `missed:${one.id}`);
    const facts = say(one.how === "unanswered" ? "missed.facts_unanswered" : "missed.facts", { ...where, waited: duration(one.waited), time: timeOfDay(one.left_at) });
    write(parts.facts, going?.words ?? facts);
    node.classList.toggle("ours", Boolean(going));
    handOver(node, () => {
      parts.call.hidden = Boolean(going) || !one.caller.number;
      parts.stop.hidden = !going;
    });
    write(parts.whom, one.for_name && say("tile.for_whom", { name: one.for_name }));
    write(parts.note, one.note);
    for (const [part, words] of NAMES) {
      parts[part].setAttribute("aria-label", say(`missed.${words}`, { caller }));
      parts[part].setAttribute("aria-disabled", String(!this.isLive()));
    }
  }

  /** @param {number} id */
  #make(id) {
    const made = stamp("missed-template");
    made.node.dataset.id = String(id);
    this.#rows.set(id, made);
    return made;
  }

  /** The focus goes to the line that comes up, not to its button: a second Enter must do nothing to it.
   * @param {number} id */
  #drop(id) {
    const { node } = /** @type {{node: HTMLElement}} */ (this.#rows.get(id));
    const next = /** @type {HTMLElement} */ (node.nextElementSibling ?? node.previousElementSibling ?? byId("missed-title"));
    const focused = node.contains(document.activeElement);
    node.remove();
    this.#rows.delete(id);
    this.#still.moved(-1);
    if (focused) next.focus({ preventScroll: true });
  }

  /** @param {number} id */
  #find(id) {
    return this.store.missed.find((one) => one.id === id);
  }
}
