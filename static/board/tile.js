// One slot of a lot. The element is made once and stays; what is in it changes, so focus and pointer stay where they are.

import { ageOf, duration } from "./clock.js";
import { byId, stamp, write } from "./parts.js";
import { callerName, nameAndNumber, say, slotLabel } from "./words.js";

/** @typedef {import("./types.js").Call} Call */
/** @typedef {{words: string, stopping: boolean}} Going a command of this page that is under way */
/** @typedef {{mayRetrieve: boolean, live: boolean, now: number, going: Going | null, notice: string}} Surroundings */

/** A click so soon after the caller under it changed was meant for the one before. */
const TOO_SOON = 500;

export class Tile {
  /** @type {Call | null} */ #call = null;
  #changed = -TOO_SOON;

  /** @param {import("./types.js").Lot} lot @param {number} slot */
  constructor(lot, slot) {
    const { node, parts } = stamp("tile-template");
    this.node = node;
    this.parts = parts;
    this.slot = slot;
    this.label = slotLabel(slot, "");
    Object.assign(node.dataset, { lot: lot.name, slot: String(slot), state: "", uniqueid: "" });
    node.dataset.lotId = String(lot.id);
    write(parts.number, String(slot));
  }

  /** @param {boolean} outside */
  set outside(outside) {
    this.parts.outside.hidden = !outside;
  }

  /** @param {string} name such as Pharmacy; "": none */
  set name(name) {
    this.label = slotLabel(this.slot, name);
    write(this.parts.name, name);
    this.parts.name.hidden = !name;
    if (this.parts.name.title !== name) this.parts.name.title = name; // a long name is cut off on the tile
  }

  get justChanged() {
    return performance.now() - this.#changed < TOO_SOON;
  }

  /** @param {Call | null} call @param {Surroundings} around */
  show(call, around) {
    const { node, parts } = this;
    if (this.#call && this.#call.uniqueid !== call?.uniqueid) this.#changed = performance.now();
    this.#call = call;
    node.dataset.state = call?.state ?? "free";
    node.dataset.uniqueid = call?.uniqueid ?? "";
    this.#keepFocus(() => {
      parts.call.hidden = !call;
      if (call) this.#fill(call, around);
    });
    this.tick(around.now);
  }

  /** @param {Call} call @param {Surroundings} around */
  #fill(call, { mayRetrieve, live, going, notice }) {
    const { parts } = this;
    const caller = callerName(call.caller);
    const parker = nameAndNumber(call.parker);
    write(parts.caller, caller);
    if (parts.caller.title !== caller) parts.caller.title = caller; // a long name is cut off on the tile
    write(parts.callerNumber, call.caller.name ? call.caller.number : "");
    write(parts.parker, parker && say("tile.parked_by", { who: parker }));
    const taken = call.state === "claimed" && !going;
    parts.retrieve.hidden = !mayRetrieve || taken || Boolean(going);
    parts.taking.hidden = !taken;
    parts.going.hidden = !going;
    // aria-disabled and not disabled: a disabled button would throw the keyboard's focus away.
    parts.retrieve.setAttribute("aria-disabled", String(!live));
    parts.stop.setAttribute("aria-disabled", String(!live || Boolean(going?.stopping)));
    parts.retrieve.setAttribute("aria-label", say("tile.retrieve_name", { caller, slot: this.label }));
    parts.stop.setAttribute("aria-label", say("tile.stop_name", { caller }));
    write(parts.taking, say("tile.is_taking", { by: call.claimed_by || say("tile.somebody") }));
    write(parts.goingWords, going?.words ?? "");
    write(parts.notice, notice);
    parts.notice.hidden = !notice;
    parts.facts.classList.toggle("behind", Boolean(notice));
    this.node.classList.toggle("ours", Boolean(going));
  }

  /** Once a second: what time alone changes.
   * @param {number} now */
  tick(now) {
    const { node, parts } = this;
    const call = this.#call;
    if (!call) {
      delete node.dataset.age;
      return this.#state("free");
    }
    const { age, seconds, left, share } = ageOf(call, now);
    node.dataset.age = age;
    this.#state(call.state === "claimed" ? "claimed" : age);
    write(parts.waited, say("tile.waited", { time: duration(seconds) }));
    write(parts.left, leftWords(left));
    parts.gauge.classList.toggle("endless", left === null);
    parts.gauge.style.setProperty("--left", (1 - share).toFixed(3));
  }

  /** @param {string} state free, fresh, long, soon or claimed */
  #state(state) {
    write(this.parts.state, say(`tile.state_${state}`));
    const icon = `${byId("board").dataset.icons}#${state}`;
    if (this.parts.icon.getAttribute("href") !== icon) this.parts.icon.setAttribute("href", icon);
  }

  /** A button that goes while it has the focus hands it to its tile: the next Tab starts here, not at the page's top.
   * @param {() => void} change */
  #keepFocus(change) {
    const focused = document.activeElement;
    const inside = focused !== this.node && this.node.contains(focused);
    change();
    if (inside && !(/** @type {HTMLElement} */ (focused).checkVisibility())) this.node.focus({ preventScroll: true });
  }
}

/** @param {number | null} left seconds */
function leftWords(left) {
  if (left === null) return say("tile.no_return");
  return left > 0 ? say("tile.returns_in", { time: duration(left) }) : say("tile.returns_now");
}
