// Which of the person's phones rings. Remembered by this browser: a person has one seat per computer.

import { byId, write } from "./parts.js";
import { recall, remember } from "./remember.js";
import { say } from "./words.js";

/** @typedef {import("./types.js").Phone} Phone */

const KEY = "phone";

/** @type {Phone[]} */ let phones = [];

/** @param {Phone[]} own @param {boolean} mayRetrieve */
export function showPhones(own, mayRetrieve) {
  phones = own;
  const choice = /** @type {HTMLSelectElement} */ (byId("phone"));
  byId("phones").hidden = !mayRetrieve;
  choice.hidden = phones.length < 2;
  byId("phone-label").hidden = phones.length === 0;
  byId("phone-only").hidden = phones.length !== 1;
  byId("phone-none").hidden = phones.length > 0;
  if (phones.length === 1) write(byId("phone-only"), label(phones[0]));
  const wanted = phones.map((phone) => `${phone.id} ${label(phone)}`).join("\n");
  if (choice.dataset.phones === wanted) return; // an open list must not close because a snapshot came
  choice.dataset.phones = wanted;
  const remembered = recall(KEY);
  choice.replaceChildren(
    ...phones.map((phone) => new Option(label(phone), String(phone.id), false, String(phone.id) === remembered)),
  );
}

/** @returns {{id: number | null, number: string}} id null: the server takes the person's first phone */
export function chosenPhone() {
  const id = Number(byId("phone").value);
  const phone = phones.find((one) => one.id === id) ?? phones[0];
  return phone ? { id: phone.id, number: phone.number } : { id: null, number: "" };
}

/** @param {Phone} phone */
const label = (phone) => say("frame.phone_label", { number: phone.number, name: phone.name });

byId("phone").addEventListener("change", () => remember(KEY, byId("phone").value));
