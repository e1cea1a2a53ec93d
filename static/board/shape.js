// Tiles or list: which of the two shows the calls. Remembered by this browser.

import { byId } from "./parts.js";
import { recall, remember } from "./remember.js";

const KEY = "shape";
const choices = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('[name="shape"]'));

export const isList = () => byId("shape-list").checked;

/** @param {() => void} redraw */
export function onShape(redraw) {
  byId("shape-list").checked = recall(KEY) === "list";
  byId("shape-tiles").checked = recall(KEY) !== "list";
  for (const choice of choices) {
    choice.addEventListener("change", () => {
      remember(KEY, choice.value);
      redraw();
    });
  }
}
