// One dialog for everything that is chosen from a list: a colleague, a slot, a call. It keeps up with the board.

import { Dialog } from "./dialog.js";
import { byId, write } from "./parts.js";
import { Picker } from "./picker.js";
import { say } from "./words.js";

/**
 * @typedef {object} Question
 * @property {string} name of its words: `pick.<name>_label`, `_none` and `_hint`
 * @property {string} title
 * @property {() => import("./picker.js").Line[] | null} lines as they are now; null: there is nothing to choose for
 * @property {(id: string) => void} choose
 * @property {HTMLElement | null} [beside] what else is asked for, in the dialog
 */

export class PickDialog {
  /** @type {Question | null} */ #question = null;
  #known = "";
  #dialog = new Dialog("pick-dialog", () => this.#closed());
  #picker = new Picker(byId("pick-search"), byId("pick-list"), this.#dialog.parts.none, (id) => this.#choose(id));
  #whenClosed = () => {};

  /** @param {Question} question @param {() => void} [closed] */
  open(question, closed = () => {}) {
    const lines = question.lines();
    if (!lines) return;
    const { title, label, none, hint, status } = this.#dialog.parts;
    this.#question = question;
    this.#known = JSON.stringify(lines);
    this.#whenClosed = closed;
    write(title, question.title);
    for (const [part, node] of Object.entries({ label, none, hint })) write(node, say(`pick.${question.name}_${part}`));
    byId("pick-list").setAttribute("aria-label", say(`pick.${question.name}_label`));
    write(status, "");
    for (const one of this.#dialog.node.querySelectorAll("fieldset")) one.hidden = one !== question.beside;
    this.#picker.show(lines, true);
    this.#dialog.open();
    this.#picker.input.focus();
  }

  /** Something has changed on the board, or among the lines. */
  update() {
    const lines = this.#dialog.isOpen ? this.#question?.lines() : undefined;
    if (lines === undefined) return;
    write(this.#dialog.parts.status, lines ? "" : say("pick.left"));
    const known = JSON.stringify(lines);
    if (lines && known !== this.#known) this.#picker.show(lines, false);
    if (lines) this.#known = known;
  }

  /** As Enter in the field does. */
  takeMarked() {
    this.#picker.takeMarked();
  }

  /** @param {string} id */
  #choose(id) {
    const question = this.#question;
    if (!question?.lines()?.some((line) => line.id === id)) return;
    this.#dialog.close();
    question.choose(id);
  }

  #closed() {
    this.#whenClosed();
  }
}
