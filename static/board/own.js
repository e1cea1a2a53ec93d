// What became of the calls this person parked: one line each, told as it happens, to be dismissed.

import { toast } from "./announce.js";
import { duration, serverNow, timeOfDay } from "./clock.js";
import { alertDesktop } from "./desktop.js";
import { byId, stamp, write } from "./parts.js";
import { recall, remember } from "./remember.js";
import { put } from "./still.js";
import { callerName, say } from "./words.js";

/** @typedef {import("./types.js").Own} Own */

const KEY = "own-dismissed";
const LISTED = 30 * 60_000;
/** What each state looks like: tone and icon. @type {Record<string, [string, string]>} */
const LOOKS = {
  parked: ["", "fresh"],
  moved: ["", "next"],
  recall: ["back", "back"],
  fallback: ["back", "back"],
  taken: ["good", "phone"],
  answered: ["good", "phone"],
  hung_up: ["bad", "close"],
  unanswered: ["bad", "warn"],
  ended: ["bad", "close"],
  elsewhere: ["good", "phone"],
  unknown: ["", "warn"],
};
/** These go on: they are listed however long ago they began. */
const OPEN = ["parked", "moved", "recall", "fallback"];

/** One piece of news: the same call in another state is another. @param {Own} one */
const nameOf = (one) => `${one.uniqueid} ${one.state} ${one.state === "moved" ? one.slot : ""}`;

export class OwnView {
  /** @type {Map<string, {node: HTMLElement, parts: Record<string, any>}>} */ #rows = new Map();
  /** What was told before; null: nothing yet, and then nothing is new. @type {Set<string> | null} */ #known = null;
  #dismissed = new Set(recall(KEY).split("\n"));
  #list = /** @type {HTMLElement} */ (byId("own-list"));

  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.store = store;
    this.#list.addEventListener("click", (event) => this.#click(event));
    byId("own-clear").addEventListener("click", () => {
      this.#dismiss(this.#shown());
      byId("own-title").focus({ preventScroll: true }); // the button is gone
    });
    setInterval(() => this.store.link && this.draw(), 60_000); // what is old goes
  }

  draw() {
    const { me, own } = this.store;
    const shown = this.#shown();
    byId("own").hidden = me.phones.length === 0 && own.length === 0;
    byId("own").classList.toggle("quiet", shown.length === 0);
    byId("own-none").hidden = shown.length > 0;
    byId("own-clear").hidden = shown.length < 2;
    for (const id of this.#rows.keys()) if (!shown.some((one) => one.uniqueid === id)) this.#drop(id);
    shown.forEach((one, place) => this.#row(one, place));
    this.#tell(own);
  }

  #shown() {
    const old = serverNow() - LISTED;
    const isShown = (/** @type {Own} */ one) => !this.#dismissed.has(nameOf(one)) && (OPEN.includes(one.state) || one.at > old);
    return this.store.own.filter(isShown);
  }

  /** Quietly: what somebody did themselves is no news to them, nor that a call they parked is parked. @param {Own[]} own */
  #tell(own) {
    const before = this.#known;
    this.#known = new Set(own.map(nameOf));
    if (!before) return;
    for (const one of own) {
      if (before.has(nameOf(one)) || one.mine || one.state === "parked") continue;
      toast(this.#sentence(one), "plain");
      alertDesktop(this.#sentence(one), say("own.title"));
    }
  }

  /** @param {Own} one */
  #sentence({ state, by, mine, caller, slot, lot_label: lot, waited }) {
    const facts = { caller: callerName(caller), by, slot, lot, waited: duration(waited) };
    if (mine && ["taken", "answered"].includes(state)) return say("own.mine", facts);
    return say(`own.${state}${by || !["taken", "answered", "ended", "fallback"].includes(state) ? "" : "_by_nobody"}`, facts);
  }

  /** @param {Own} one @param {number} place */
  #row(one, place) {
    const { node, parts } = this.#rows.get(one.uniqueid) ?? this.#make(one.uniqueid);
    put(this.#list, node, place);
    const [tone, icon] = LOOKS[one.state] ?? LOOKS.unknown;
    node.dataset.tone = tone;
    node.dataset.state = one.state;
    const address = `${byId("board").dataset.icons}#${icon}`;
    if (parts.icon.getAttribute("href") !== address) parts.icon.setAttribute("href", address);
    write(parts.words, this.#sentence(one));
    write(parts.time, timeOfDay(one.at));
    parts.dismiss.setAttribute("aria-label", say("own.dismiss", { caller: callerName(one.caller) }));
  }

  /** @param {string} id */
  #make(id) {
    const made = stamp("own-template");
    made.node.dataset.uniqueid = id;
    this.#rows.set(id, made);
    return made;
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const id = button && /** @type {HTMLElement} */ (button.closest(".own-row")).dataset.uniqueid;
    if (id) this.#dismiss(this.store.own.filter((one) => one.uniqueid === id));
  }

  /** For good, as far as this piece of news goes; the browser remembers those that the server still tells.
   * @param {Own[]} calls */
  #dismiss(calls) {
    const told = new Set(this.store.own.map(nameOf));
    this.#dismissed = new Set([...this.#dismissed, ...calls.map(nameOf)].filter((name) => told.has(name)));
    remember(KEY, [...this.#dismissed].join("\n"));
    this.draw();
  }

  /** The focus goes to the line that comes up. @param {string} id */
  #drop(id) {
    const { node } = /** @type {{node: HTMLElement}} */ (this.#rows.get(id));
    const next = /** @type {HTMLElement} */ (node.nextElementSibling ?? node.previousElementSibling ?? byId("own-title"));
    const focused = node.contains(document.activeElement);
    node.remove();
    this.#rows.delete(id);
    if (focused) next.focus({ preventScroll: true });
  }
}
