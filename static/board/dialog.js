// What all dialogs share: native ones, closed by Escape, by their button and by a click beside them.

import { byId } from "./parts.js";

export class Dialog {
  /** @param {string} id @param {() => void} [closed] */
  constructor(id, closed) {
    this.node = /** @type {HTMLDialogElement} */ (byId(id));
    /** @type {Record<string, any>} */ this.parts = {};
    for (const part of this.node.querySelectorAll("[data-part]")) {
      this.parts[part.getAttribute("data-part") ?? ""] = part;
    }
    for (const button of this.node.querySelectorAll("[data-close]")) {
      button.addEventListener("click", () => this.node.close());
    }
    // Pressed and let go beside it: a text that is marked from inside to outside closes nothing.
    let beside = false;
    this.node.addEventListener("pointerdown", (event) => (beside = event.target === this.node));
    this.node.addEventListener("click", (event) => beside && event.target === this.node && this.node.close());
    if (closed) this.node.addEventListener("close", closed);
  }

  get isOpen() {
    return this.node.open;
  }

  open() {
    if (!this.node.open) this.node.showModal();
  }

  close() {
    this.node.close();
  }
}

export const someDialogIsOpen = () => document.querySelector("dialog[open]") !== null;
