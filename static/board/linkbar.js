// Whether the picture is live, in words: the board never shows an old picture as if it were a new one.

import { timeOfDay } from "./clock.js";
import { announce } from "./announce.js";
import { byId, write } from "./parts.js";
import { say } from "./words.js";

/** @typedef {{state: "first" | "up" | "down" | "forbidden", since: number}} Connection this page's own socket */

/** The first connection takes a moment; a warning that flashes by at every load would teach people to ignore it. */
const PATIENCE = 1500;

/**
 * @param {import("./types.js").Link | null} link
 * @param {Connection} connection
 * @param {import("./types.js").PbxLink[]} lost PBXs that are not heard while others are
 * @returns {boolean} whether what the board shows is live
 */
export function showLink(link, connection, lost) {
  const board = byId("board");
  const wasTrouble = !byId("bar").hidden;
  const known = connection.state === "up" && link;
  const state = known ? link.state : "connecting";
  const live = state === "hearing";
  const trouble = live ? lost.map(lostWords).join(" ") : troubleWords(link, connection);
  board.dataset.link = state;
  byId("live").dataset.live = live ? "hearing" : connection.state === "first" ? "connecting" : "down";
  write(byId("live-words"), say(`link.short_${byId("live").dataset.live}`));
  // The words hold no ticking time: they change, and are read out, once per trouble.
  write(byId("bar-words"), trouble);
  write(byId("bar-reason"), known && !live && link.reason ? say("link.reason", { reason: link.reason }) : "");
  byId("bar").hidden = !trouble;
  byId("summary").hidden = Boolean(trouble);
  if (wasTrouble && !trouble) announce(say("link.live_now"));
  return live;
}

/** @param {import("./types.js").PbxLink} link */
const lostWords = ({ name, since }) => say("link.part_lost", { pbx: name, time: timeOfDay(since) });

/** @param {import("./types.js").Link | null} link @param {Connection} connection */
function troubleWords(link, connection) {
  if (connection.state === "forbidden") return say("link.not_allowed");
  if (connection.state === "first") {
    return Date.now() - connection.since > PATIENCE ? say("link.first_connection") : "";
  }
  if (connection.state === "down") return say("link.no_connection", { time: timeOfDay(connection.since) });
  return link ? say(`link.${link.state}`, { time: timeOfDay(link.since) }) : "";
}
