// A board to look at from afar, opened by a link. The link's secret stands behind the # of the address, which browsers
// send to nobody: it goes to the server as the first message of the socket.

import { duration, serverNow, setServerTime, timeOfDay } from "../board/clock.js";
import { showLink } from "../board/linkbar.js";
import { byId, write } from "../board/parts.js";
import { BoardSocket } from "../board/socket.js";
import { Store } from "../board/store.js";
import { say } from "../board/words.js";
import { keepAwake, renew } from "./life.js";
import { Wall } from "./wall.js";

const secret = location.hash.slice(1);
const store = new Store();
const wall = new Wall();
/** @type {import("../board/linkbar.js").Connection} */ let connection = { state: "first", since: Date.now() };
let live = false;

const scheme = location.protocol === "https:" ? "wss:" : "ws:";
const socket = new BoardSocket(`${scheme}//${location.host}/ws/wall/`, {
  opened: () => socket.send({ type: "wall", secret }),
  message: receive,
  down,
  loggedOut: () => end("wall.revoked"),
  forbidden: () => end("wall.revoked"),
});

/** @param {import("../board/types.js").Message | {type: "hello", version: string}} message */
function receive(message) {
  if ("now" in message) setServerTime(message.now);
  switch (message.type) {
    case "hello":
      return message.version !== byId("board").dataset.version && renew();
    case "snapshot":
      store.snapshot(message);
      connection = { state: "up", since: serverNow() };
      return draw();
    case "change": {
      const result = store.change(message);
      return result === "gap" ? socket.send({ type: "resync" }) : result && draw();
    }
    case "returning":
      store.setReturning(message.returning);
      return draw();
    case "link":
      store.setLinks(message);
      return draw();
    case "beat":
      return store.behind(message) && socket.send({ type: "resync" });
  }
}

function down() {
  if (connection.state !== "down") connection = { state: "down", since: serverNow() };
  draw();
}

function draw() {
  live = showLink(store.link, connection, store.lostLinks());
  if (!store.link) return;
  wall.draw(store, pictureTime());
  summarise();
}

/** An old picture has stopped clocks: what is not heard of any more may have gone back, or hung up, since. */
function pictureTime() {
  if (live) return serverNow();
  const lost = store.link && store.link.state !== "hearing" ? store.link.since : Infinity;
  return Math.min(lost, connection.state === "up" ? serverNow() : connection.since);
}

function summarise() {
  const calls = store.waiting();
  const count = calls.length;
  const longest = count ? duration(Math.floor((pictureTime() - calls[0].waiting_since) / 1000)) : "";
  write(byId("summary"), say(`frame.waiting_${count === 0 ? "none" : count === 1 ? "one" : "many"}`, { count, longest }));
}

/** For good: nothing of what was shown stays.
 * @param {string} code */
function end(code) {
  store.link = null;
  store.lots = new Map();
  byId("board").remove();
  write(byId("ended-title"), say(`${code}_title`));
  write(byId("ended-words"), say(code));
  byId("ended").hidden = false;
}

function tick() {
  write(byId("clock"), timeOfDay(serverNow()));
  if (connection.state === "first") showLink(store.link, connection, []);
  if (!store.link) return;
  wall.tick(pictureTime());
  summarise();
}

/** A picture that could not be drawn would go on looking like a live one. */
function broken() {
  if (!byId("board")) return;
  down();
  renew();
}

addEventListener("hashchange", () => location.reload()); // another link was typed over this one
if (secret) {
  addEventListener("error", broken);
  addEventListener("unhandledrejection", broken);
  addEventListener("resize", () => byId("board") && draw());
  const clock = setInterval(() => (byId("board") ? tick() : clearInterval(clock)), 1000);
  write(byId("clock"), timeOfDay(serverNow()));
  keepAwake();
  socket.start();
} else {
  end("wall.no_link");
}
