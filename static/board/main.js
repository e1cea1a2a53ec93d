// Joins the parts: messages in, picture out, clicks to commands.

import { announce, announceCalls, toast } from "./announce.js";
import { duration, serverNow, setServerTime } from "./clock.js";
import { Commands } from "./commands.js";
import { showLink } from "./linkbar.js";
import { LotsView } from "./lots.js";
import { Notices } from "./notices.js";
import { byId, write } from "./parts.js";
import { chosenPhone, showPhones } from "./phones.js";
import { BoardSocket } from "./socket.js";
import { Store } from "./store.js";
import { say } from "./words.js";

const store = new Store();
/** @type {import("./linkbar.js").Connection} */ let connection = { state: "first", since: Date.now() };
let live = false;

const notices = new Notices(drawLot);
const view = new LotsView((lot, call) => ({
  mayRetrieve: lot.may_retrieve,
  live,
  now: pictureTime(),
  going: call && commands.of(call.uniqueid),
  notice: call ? notices.of(call.uniqueid) : "",
}));

const scheme = location.protocol === "https:" ? "wss:" : "ws:";
const socket = new BoardSocket(`${scheme}//${location.host}/ws/board/`, {
  message: receive,
  down: () => {
    if (connection.state !== "down") connection = { state: "down", since: serverNow() };
    commands.lost("connection_lost");
    drawAll();
  },
  loggedOut: () => {
    location.assign(`${byId("board").dataset.login}?next=${encodeURIComponent(location.pathname + location.search)}`);
  },
  forbidden: () => {
    connection = { state: "forbidden", since: serverNow() };
    store.lots = new Map(); // who may not see any more does not go on seeing the last picture
    drawAll();
    byId("empty").hidden = true;
  },
});

const commands = new Commands((message) => socket.send(message), {
  going: (command) => {
    notices.remove(command.uniqueid);
    if (command.lot) announce(command.words);
    drawLot(command.lot);
  },
  ended: (command, end) => {
    const stays = store.call(command.lot, command.slot)?.uniqueid === command.uniqueid;
    if (end.failed && stays && Notices.belongsInTile(end.code)) {
      notices.add(command, end.words);
      announce(end.words);
    } else {
      toast(end.words, end.code === "cancelled" || end.code === "parked_demo" ? "plain" : end.failed ? "bad" : "good");
    }
    drawLot(command.lot);
  },
});

/** @param {import("./types.js").Message} message */
function receive(message) {
  if ("now" in message) setServerTime(message.now);
  switch (message.type) {
    case "snapshot":
      announceCalls(store.snapshot(message));
      connection = { state: "up", since: serverNow() };
      return drawAll();
    case "change":
      return change(store.change(message));
    case "link":
      store.link = message.link;
      if (message.link.state !== "hearing") commands.lost("link_lost");
      return drawAll();
    case "beat":
      return store.behind(message) && socket.send({ type: "resync" });
    case "progress":
      return commands.progress(message);
  }
}

/** An old picture has stopped clocks: what is not heard of any more may have gone back, or hung up, since. */
function pictureTime() {
  if (live) return serverNow();
  const lost = store.link && store.link.state !== "hearing" ? store.link.since : Infinity;
  return Math.min(lost, connection.state === "up" ? serverNow() : connection.since);
}

/** @param {ReturnType<Store["change"]>} result */
function change(result) {
  if (result === "gap") return socket.send({ type: "resync" });
  if (!result) return;
  announceCalls(result.happenings);
  notices.callsLeft(result.happenings);
  view.draw(result.lot);
  summarise();
}

function drawAll() {
  live = showLink(store.link, connection);
  if (!store.link) return;
  showPhones(store.me.phones, store.mayRetrieveSomewhere());
  byId("park-demo").hidden = !store.me.demo;
  byId("park-demo").setAttribute("aria-disabled", String(!live));
  view.drawAll(store.lots);
  summarise();
}

/** @param {number} id */
function drawLot(id) {
  const lot = store.lots.get(id);
  if (lot) view.draw(lot);
}

/** One line for a glance, and the number of callers in the browser's tab. */
function summarise() {
  const calls = store.waiting();
  const count = calls.length;
  const longest = count ? duration(Math.floor((serverNow() - calls[0].parked_at) / 1000)) : "";
  const code = count === 0 ? "none" : count === 1 ? "one" : "many";
  write(byId("summary"), say(`frame.waiting_${code}`, { count, longest }));
  document.title = count && live ? say("frame.title_waiting", { count }) : say("frame.title");
}

byId("lots").addEventListener("click", (/** @type {MouseEvent} */ event) => {
  const button = event.target instanceof Element ? event.target.closest("button[data-act]") : null;
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  const { lot, slot, unsettled } = view.tileOf(button);
  const call = store.call(lot, slot);
  if (!call || event.detail > 1) return; // the second half of a double click on Retrieve would hit Stop
  if (unsettled && event.detail) return toast(say("progress.just_changed"), "plain");
  if (button.getAttribute("data-act") === "stop") commands.stop(call.uniqueid);
  else commands.retrieve(lot, call, chosenPhone());
});

byId("park-demo").addEventListener("click", () => {
  if (byId("park-demo").getAttribute("aria-disabled") !== "true") commands.parkDemo();
});

setInterval(() => {
  if (connection.state === "first") showLink(store.link, connection);
  if (!store.link) return;
  view.tick(pictureTime());
  summarise();
}, 1000);

socket.start();
