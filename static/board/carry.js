// What can be carried where: a caller onto a free slot (move) or a colleague (send), a talk of mine onto a free slot (park).
// The orders are those of the menu; nothing can be done only so.

import { actionsFor } from "./actions.js";
import { toast } from "./announce.js";
import { colleagues, isNear } from "./choices.js";
import { Gesture } from "./gesture.js";
import { byId, write } from "./parts.js";
import { callerName, say, slotLabel } from "./words.js";

/** @typedef {import("./types.js").Lot} Lot */
/** @typedef {{caller: string, uniqueid: string, talk: boolean, may: (lot: Lot) => boolean}} Load */

/** Colleagues that are shown; others are found in the menu. */
const MOST = 12;

export class Carry {
  /** @type {Load | null} */ #load = null;
  /** @type {Element | null} */ #target = null;
  #ghost = /** @type {HTMLElement} */ (byId("carry-ghost"));
  #tray = /** @type {HTMLElement} */ (byId("carry-tray"));
  #gesture = new Gesture([byId("lots"), byId("list"), byId("mine")], '.tile:not([data-state="free"]), .row, .talk', {
    grab: (node) => this.#grab(node),
    over: (x, y, over) => this.#over(x, y, over),
    drop: (over) => this.#drop(over),
    end: () => this.#end(),
  });

  /**
   * @param {{store: import("./store.js").Store, desk: import("./desk.js").Desk, park: import("./park.js").ParkTalk,
   *   talks: import("./talks.js").Talks, lots: import("./lots.js").LotsView, list: import("./list.js").ListView,
   *   mine: import("./mine.js").Mine, isLive: () => boolean}} known
   */
  constructor(known) {
    this.known = known;
  }

  /** Something has changed on the board: whoever has left cannot be carried, who came is no free slot. */
  update() {
    const load = this.#load;
    if (!load) return;
    const { store, talks, isLive } = this.known;
    const there = load.talk ? talks.list.some(({ uniqueid }) => uniqueid === load.uniqueid) : store.find(load.uniqueid);
    if (there && isLive()) return this.#mark(load);
    toast(say(there ? "progress.not_sent" : load.talk ? "progress.call_gone" : "pick.left"), "plain");
    this.#gesture.cancel();
  }

  /** @param {HTMLElement} node */
  #grab(node) {
    const { isLive, mine, lots, list } = this.known;
    if (!isLive()) return false;
    const talk = node.dataset.talk;
    const at = talk ? mine.at(node) : node.matches(".tile") ? lots.slotOf(node) : list.callOf(node);
    const load = talk ? this.#talk(talk) : this.#call(node.dataset.uniqueid ?? "");
    if (!load) return false;
    if (at.moved || ("changed" in at && at.changed)) return toast(say("progress.just_changed"), "plain"), false;
    this.#load = load;
    this.#ghost.hidden = false;
    this.#mark(load);
    return true;
  }

  /** @param {string} uniqueid @returns {Load | null} */
  #call(uniqueid) {
    const { store } = this.known;
    const place = store.find(uniqueid);
    const may = place ? actionsFor(place, store).map(({ name }) => name) : [];
    const move = may.includes("move");
    if (!place || !store.isHeard(place.lot) || !(move || may.includes("send"))) return null;
    this.#offer(may.includes("send") ? colleagues(store, place).slice(0, MOST) : []);
    return { caller: callerName(place.call.caller), uniqueid, talk: false, may: (lot) => move && lot.pbx === place.lot.pbx };
  }

  /** @param {string} uniqueid @returns {Load | null} */
  #talk(uniqueid) {
    const talk = this.known.talks.list.find((one) => one.uniqueid === uniqueid);
    this.#offer([]);
    return talk ? { caller: callerName(talk), uniqueid, talk: true, may: (lot) => isNear(talk, lot) } : null;
  }

  /** @param {import("./picker.js").Line[]} lines */
  #offer(lines) {
    this.#tray.replaceChildren(
      ...lines.map(({ id, words, beside }) => {
        const node = document.createElement("li");
        node.className = "drop";
        Object.assign(node.dataset, { colleague: id, name: words });
        write(node, beside ? say("tile.name_and_number", { name: words, number: beside }) : words);
        return node;
      }),
    );
    this.#tray.hidden = lines.length === 0;
  }

  /** @param {Load} load */
  #mark({ may }) {
    const { store } = this.known;
    for (const tile of /** @type {NodeListOf<HTMLElement>} */ (byId("lots").querySelectorAll(".tile"))) {
      const lot = store.lots.get(Number(tile.dataset.lotId));
      const free = tile.dataset.state === "free";
      tile.classList.toggle("drop", Boolean(free && lot?.may_park && store.isHeard(lot) && may(lot)));
    }
  }

  /** @param {number} x @param {number} y @param {Element | null} over */
  #over(x, y, over) {
    const target = over?.closest(".drop") ?? null;
    if (target !== this.#target) this.#target?.classList.remove("over");
    this.#target = target;
    target?.classList.add("over");
    this.#ghost.style.setProperty("--x", `${x}px`);
    this.#ghost.style.setProperty("--y", `${y}px`);
    write(this.#ghost, this.#words(/** @type {HTMLElement | null} */ (target)));
  }

  /** What letting go would do. @param {HTMLElement | null} target */
  #words(target) {
    const { caller = "", talk = false } = this.#load ?? {};
    if (!target) return say(talk || this.#tray.hidden ? "carry.hint_slot" : "carry.hint", { caller });
    if (target.dataset.colleague) return say("carry.send", { caller, name: target.dataset.name ?? "" });
    const lot = this.known.store.lots.get(Number(target.dataset.lotId));
    const slot = slotLabel(Number(target.dataset.slot), lot?.names[Number(target.dataset.slot)]);
    return say(talk ? "carry.park" : "carry.move", { caller, slot, lot: lot?.label || lot?.name || "" });
  }

  /** @param {Element | null} over */
  #drop(over) {
    const target = /** @type {HTMLElement | null | undefined} */ (over?.closest(".drop"));
    const load = this.#load;
    if (!target || !load) return;
    const { desk, park, lots } = this.known;
    if (target.dataset.colleague) return desk.chosen("send", load.uniqueid, target.dataset.colleague);
    const { lot, slot, changed, moved } = lots.slotOf(target);
    if (changed || moved) return toast(say("progress.just_changed"), "plain");
    if (load.talk) park.give(load.uniqueid, lot, slot);
    else desk.chosen("move", load.uniqueid, `${lot}/${slot}`);
  }

  #end() {
    this.#load = null;
    this.#target = null;
    this.#ghost.hidden = true;
    this.#tray.hidden = true;
    for (const node of document.querySelectorAll(".drop")) node.classList.remove("drop", "over");
  }
}
