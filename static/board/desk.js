// What a person does with a parked caller, whichever way they ask for it: a button, the menu, a key.

import { ACTIONS } from "./actions.js";
import { MoreMenu } from "./more.js";
import { NoteDialog } from "./note.js";
import { chosenPhone } from "./phones.js";
import { SendDialog } from "./send.js";

/** @typedef {import("./types.js").Place} Place */

export class Desk {
  #more = new MoreMenu((name, uniqueid) => this.act(name, uniqueid));
  /** @type {NoteDialog} */ #note;
  /** @type {SendDialog} */ #send;
  /** @type {Record<string, (place: Place, button: HTMLElement | null) => void>} */ #acts;

  /** @param {import("./store.js").Store} store @param {import("./commands.js").Commands} commands @param {() => boolean} isLive */
  constructor(store, commands, isLive) {
    this.store = store;
    this.isLive = isLive;
    this.#note = new NoteDialog(store, (place, written, heard) => commands.onCall("note", place, written, { heard }));
    this.#send = new SendDialog(store, (place, to, phone) => commands.onCall("send", place, { to: to.id }, { phone }));
    this.#acts = {
      retrieve: (place) => {
        const { id, number } = chosenPhone();
        commands.onCall("retrieve", place, { phone: id }, { phone: number });
      },
      stop: ({ call }) => commands.stop(call.uniqueid),
      more: (place, button) => button && this.#more.open(button, place, this.#items(place), isLive()),
      note: ({ call }) => this.#note.open(call.uniqueid),
      send: ({ call }) => this.#send.open(call.uniqueid),
      claim: (place) => commands.onCall("claim", place),
      unclaim: (place) => commands.onCall("unclaim", place),
    };
  }

  /** @param {string} name @param {string} uniqueid @param {HTMLElement | null} [button] */
  act(name, uniqueid, button = null) {
    const place = this.store.find(uniqueid);
    if (place) this.#acts[name](place, button);
  }

  /** Something has changed on the board: what is open keeps up with it. */
  update() {
    this.#note.update();
    this.#send.update();
  }

  /** @param {Place} place */
  #items(place) {
    return ACTIONS.filter(({ can }) => can(place, this.store));
  }
}
