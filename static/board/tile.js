// One slot of a lot. The element is made once and stays; what is in it changes, so focus and pointer stay where they are.

import { Card } from "./card.js";
import { stamp, write } from "./parts.js";
import { slotLabel } from "./words.js";

export class Tile {
  #label = "";
  /** @type {Card} */ #card;

  /** @param {import("./types.js").Lot} lot @param {number} slot @param {number} [key] its name among the lot's tiles */
  constructor(lot, slot, key = slot) {
    const { node, parts } = stamp("tile-template");
    this.node = node;
    this.parts = parts;
    this.slot = slot;
    this.#card = new Card(node, parts);
    Object.assign(node.dataset, { lot: lot.name, slot: String(slot), state: "", uniqueid: "" });
    node.dataset.lotId = String(lot.id);
    node.dataset.key = String(key);
    write(parts.number, String(slot));
  }

  /** @param {boolean} outside */
  set outside(outside) {
    this.parts.outside.hidden = !outside;
  }

  /** @param {string} name such as Pharmacy; "": none */
  set name(name) {
    this.#label = slotLabel(this.slot, name);
    write(this.parts.name, name);
    this.parts.name.hidden = !name;
    if (this.parts.name.title !== name) this.parts.name.title = name; // a long name is cut off on the tile
  }

  get isFree() {
    return this.node.dataset.state === "free";
  }

  get justChanged() {
    return this.#card.justChanged;
  }

  /** @param {import("./types.js").Call | null} call @param {import("./card.js").Surroundings} around */
  show(call, around) {
    this.#card.show(call, around, this.#label);
  }

  /** @param {number} now */
  tick(now) {
    this.#card.tick(now);
  }
}
