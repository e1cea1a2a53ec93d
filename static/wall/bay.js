// One slot on the wall. The element is made once for its slot and stays; what is in it changes.

import { backWords } from "../board/back.js";
import { ageOf, duration } from "../board/clock.js";
import { byId, stamp, write } from "../board/parts.js";
import { callerName, nameAndNumber, say } from "../board/words.js";

/** @typedef {import("../board/types.js").Call} Call */
/** @typedef {import("../board/types.js").Lot} Lot */

export class Bay {
  /** @type {Call | null} */ #call = null;
  /** Since when its PBX is not heard, though others are; Infinity: it is. */ lostSince = Infinity;

  /** @param {Lot} lot @param {number} slot */
  constructor(lot, slot) {
    const { node, parts } = stamp("bay-template");
    this.node = node;
    this.parts = parts;
    this.lot = lot;
    Object.assign(node.dataset, { lot: lot.name, slot: String(slot) });
    write(parts.number, String(slot));
  }

  /** @param {Call | null} call @param {string} place the lot's name, and the slot's */
  show(call, place) {
    const { node, parts } = this;
    this.#call = call;
    node.dataset.state = call?.state ?? "free";
    write(parts.place, place);
    parts.call.hidden = !call;
    if (!call) return;
    const caller = callerName(call.caller);
    const parker = nameAndNumber(call.parker);
    write(parts.caller, caller);
    write(parts.callerNumber, call.caller.number === caller ? "" : call.caller.number);
    write(parts.parker, parker && say("tile.parked_by", { who: parker }));
  }

  /** Once a second: what time alone changes.
   * @param {number} now */
  tick(now) {
    const { node, parts } = this;
    const call = this.#call;
    if (!call) {
      delete node.dataset.age;
      return this.#state("free", say("tile.state_free"));
    }
    if (call.state === "returning") {
      node.dataset.age = "back";
      write(parts.waited, "");
      write(parts.left, backWords(/** @type {import("../board/types.js").Back} */ (call), now));
      parts.gauge.classList.add("endless");
      return this.#state("back", say("tile.state_back"));
    }
    const { age, seconds, left, share } = ageOf(call, now, this.lot);
    node.dataset.age = age;
    const state = call.state === "claimed" ? "claimed" : age;
    this.#state(state, say(`tile.state_${state}`));
    write(parts.waited, duration(seconds));
    write(parts.left, endOf(call, left));
    parts.gauge.classList.toggle("endless", left === null);
    parts.gauge.style.setProperty("--left", (1 - share).toFixed(3));
  }

  /** @param {string} icon @param {string} words */
  #state(icon, words) {
    write(this.parts.state, words);
    const address = `${byId("board").dataset.icons}#${icon}`;
    if (this.parts.icon.getAttribute("href") !== address) this.parts.icon.setAttribute("href", address);
  }
}

/** How it goes on: who takes the call, or when it goes back.
 * @param {Call} call @param {number | null} left seconds */
function endOf(call, left) {
  if (call.state === "claimed") return say("tile.is_taking", { by: call.claimed_by || say("tile.somebody") });
  if (left === null) return "";
  return left > 0 ? say("tile.returns_in", { time: duration(left) }) : say("tile.returns_now");
}
