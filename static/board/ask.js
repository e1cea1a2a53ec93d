// A question before what cannot be undone.

import { Dialog } from "./dialog.js";
import { write } from "./parts.js";

export class AskDialog {
  #dialog = new Dialog("ask-dialog");
  #yes = () => {};

  constructor() {
    this.#dialog.parts.yes.addEventListener("click", () => {
      this.#dialog.close();
      this.#yes();
    });
  }

  /** @param {string} words @param {string} yes @param {() => void} act */
  open(words, yes, act) {
    write(this.#dialog.parts.title, words);
    write(this.#dialog.parts.yes, yes);
    this.#yes = act;
    this.#dialog.open();
    this.#dialog.parts.no.focus();
  }
}
