// Time as the server has it: a receptionist's computer may be minutes wrong, and all its tiles with it.

import { locale } from "../locale.js";

/** Smaller differences are the network's jitter; following them would make the seconds stutter. */
const JITTER = 300;

let offset = 0;

/** @param {number} now the server's time, as it just said */
export function setServerTime(now) {
  const heard = now - Date.now();
  if (Math.abs(heard - offset) > JITTER) offset = heard;
}

export const serverNow = () => Date.now() + offset;

/**
 * 0:07, 12:30, 1:02:03
 *
 * @param {number} seconds
 */
export function duration(seconds) {
  const whole = Math.max(0, seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
  const hours = Math.floor(whole / 3600);
  return hours ? `${hours}:${parts.join(":")}` : `${Number(parts[0])}:${parts[1]}`;
}

/**
 * The time of day of a server's moment; with the day when it was not today.
 *
 * @param {number} moment
 */
export function timeOfDay(moment) {
  const date = new Date(moment - offset);
  const today = date.toDateString() === new Date().toDateString();
  const day = today ? {} : /** @type {const} */ ({ day: "numeric", month: "short" });
  return new Intl.DateTimeFormat(locale, { ...day, hour: "2-digit", minute: "2-digit" }).format(date);
}

/**
 * How old a call is, as a word: what the tile's colour, icon and words are made from.
 *
 * @param {import("./types.js").Call} call
 * @param {number} now
 */
export function ageOf(call, now) {
  const waited = Math.max(0, now - call.parked_at);
  const seconds = Math.floor(waited / 1000);
  if (call.timeout_at === null) return { age: waited > 120_000 ? "long" : "fresh", seconds, left: null, share: 0 };
  const left = Math.max(0, call.timeout_at - now);
  const share = Math.min(1, waited / Math.max(1, call.timeout_at - call.parked_at));
  const age = left <= 15_000 || share > 0.85 ? "soon" : share > 0.5 ? "long" : "fresh";
  return { age, seconds, left: Math.ceil(left / 1000), share };
}
