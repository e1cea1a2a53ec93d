// The same calls as a list: one line each, the longest waiting first.

import { Card } from "./card.js";
import { fits } from "./filter.js";
import { byId, stamp, write } from "./parts.js";
import { put, Still } from "./still.js";
import { say, slotLabel } from "./words.js";

/** @typedef {import("./types.js").Place} Place */
/** @typedef {{node: HTMLElement, parts: Record<string, any>, card: Card, lot: import("./types.js").Lot}} Row */

export class ListView {
  /** @type {Map<string, Row>} */ #rows = new Map();
  #still = new Still();

  /** @param {import("./lots.js").Around} around */
  constructor(around) {
    this.around = around;
    this.root = /** @type {HTMLElement} */ (byId("list"));
    this.lines = /** @type {HTMLElement} */ (byId("list-lines"));
  }

  /** @param {Place[]} places the longest waiting first @param {boolean} several whether there are several lots */
  draw(places, several) {
    const shown = places.filter(({ lot, call }) => fits(lot, call.slot, call));
    const ids = shown.map(({ call }) => call.uniqueid);
    for (const id of this.#rows.keys()) if (!ids.includes(id)) this.#drop(id);
    shown.forEach((place, at) => this.#line(place, at, several));
    byId("list-none").hidden = shown.length > 0;
  }

  tick() {
    for (const { card, lot } of this.#rows.values()) card.tick(this.around.now(lot));
  }

  /** Which call a button is about, and whether its line has stood still. @param {Element} button */
  callOf(button) {
    const node = /** @type {HTMLElement} */ (button.closest(".row"));
    return { uniqueid: node.dataset.uniqueid ?? "", moved: this.#still.isUnsettled(node) };
  }

  /** @param {Place} place @param {number} at @param {boolean} several */
  #line({ lot, call }, at, several) {
    const row = this.#rows.get(call.uniqueid) ?? this.#make(call.uniqueid, lot);
    row.lot = lot; // the same call may be in another one now
    const { node, parts, card } = row;
    const slot = slotLabel(call.slot, lot.names[call.slot]);
    if (this.lines.children[at] !== node && at < this.lines.children.length) this.#still.moved(-1);
    put(this.lines, node, at);
    write(parts.slot, String(call.slot));
    write(parts.name, lot.names[call.slot] ?? "");
    write(parts.lot, several ? lot.label || lot.name : "");
    card.show(call, this.around.card(lot, call), several ? say("tile.in_lot", { slot, lot: lot.label || lot.name }) : slot);
  }

  /** @param {string} uniqueid @param {import("./types.js").Lot} lot @returns {Row} */
  #make(uniqueid, lot) {
    const { node, parts } = stamp("row-template");
    const row = { node, parts, card: new Card(node, parts), lot };
    this.#rows.set(uniqueid, row);
    return row;
  }

  /** @param {string} uniqueid */
  #drop(uniqueid) {
    const node = /** @type {Row} */ (this.#rows.get(uniqueid)).node;
    const focused = node.contains(document.activeElement);
    node.remove();
    this.#rows.delete(uniqueid);
    this.#still.moved(-1); // the lines below have come up
    if (focused) this.lines.focus({ preventScroll: true });
  }
}
