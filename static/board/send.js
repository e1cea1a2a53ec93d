// Send to a colleague: their phone rings, and until they answer the call stays parked.

import { Dialog } from "./dialog.js";
import { byId, write } from "./parts.js";
import { Picker } from "./picker.js";
import { callerName, nameAndNumber, say } from "./words.js";

/** @typedef {import("./types.js").Place} Place */
/** @typedef {import("./types.js").Phone} Phone */

export class SendDialog {
  #uniqueid = "";
  #known = "";
  #dialog = new Dialog("send-dialog");
  #picker = new Picker(byId("send-search"), byId("send-list"), this.#dialog.parts.none, (id) => this.#choose(id));

  /**
   * @param {import("./store.js").Store} store
   * @param {(place: Place, to: Phone, words: string) => void} send
   */
  constructor(store, send) {
    this.store = store;
    this.send = send;
  }

  /** @param {string} uniqueid */
  open(uniqueid) {
    const place = this.store.find(uniqueid);
    if (!place) return;
    this.#uniqueid = uniqueid;
    write(this.#dialog.parts.title, say("send.title", { caller: callerName(place.call.caller), slot: place.call.slot }));
    write(this.#dialog.parts.status, "");
    this.#picker.show(this.#lines(place.call.for_phone), true);
    this.#dialog.open();
    this.#picker.input.focus();
  }

  /** Something has changed on the board. */
  update() {
    if (!this.#dialog.isOpen) return;
    const place = this.store.find(this.#uniqueid);
    write(this.#dialog.parts.status, place ? "" : say("send.left"));
    if (place && this.#known !== this.#names()) this.#picker.show(this.#lines(place.call.for_phone), false);
  }

  /** The one whom the call is for comes first: a press on Enter then.
   * @param {number | null} forPhone */
  #lines(forPhone) {
    this.#known = this.#names();
    const first = this.store.colleagues.filter(({ id }) => id === forPhone);
    const others = this.store.colleagues.filter(({ id }) => id !== forPhone);
    return [...first, ...others].map(({ id, name, number }) => ({ id, words: name || number, beside: name && number }));
  }

  #names() {
    return JSON.stringify(this.store.colleagues);
  }

  /** @param {number} id */
  #choose(id) {
    const place = this.store.find(this.#uniqueid);
    const to = this.store.colleagues.find((one) => one.id === id);
    if (!place || !to) return;
    this.#dialog.close();
    this.send(place, to, nameAndNumber(to));
  }
}
