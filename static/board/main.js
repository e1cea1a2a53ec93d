// Joins the parts: messages in, picture out. What people do is in desk.js, clicks.js and keys.js.

import { announce, announceCalls } from "./announce.js";
import { surroundings } from "./around.js";
import { backSaid } from "./back.js";
import { Carry } from "./carry.js";
import { onClicks } from "./clicks.js";
import { serverNow, setServerTime } from "./clock.js";
import { Commands } from "./commands.js";
import { Desk } from "./desk.js";
import { endings } from "./endings.js";
import { onFilter } from "./filter.js";
import { onKeys } from "./keys.js";
import { Inbox } from "./inbox.js";
import { showLink } from "./linkbar.js";
import { ListView } from "./list.js";
import { LotsView } from "./lots.js";
import { Mine } from "./mine.js";
import { MissedView } from "./missed.js";
import { TakeNext } from "./next.js";
import { Notices } from "./notices.js";
import { Nudge } from "./nudge.js";
import { OwnView } from "./own.js";
import { byId } from "./parts.js";
import { ParkTalk } from "./park.js";
import { showPhones } from "./phones.js";
import { PickDialog } from "./pick.js";
import { isList, onShape } from "./shape.js";
import { BoardSocket } from "./socket.js";
import { Store } from "./store.js";
import { summarise } from "./summary.js";
import { Talks } from "./talks.js";
import { callerName } from "./words.js";

const store = new Store();
/** @type {import("./linkbar.js").Connection} */ let connection = { state: "first", since: Date.now() };
let live = false;
const isLive = () => live;

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
    store.forget(); // who may not see any more does not go on seeing the last picture
    drawAll();
    byId("empty").hidden = true;
  },
});

const notices = new Notices(drawLot);
const commands = new Commands(
  (message) => socket.send(message),
  (lot, slot) => store.call(lot, slot),
  endings(store, notices, drawLot),
);
const pick = new PickDialog();
const desk = new Desk(store, commands, pick, isLive);
const talks = new Talks(store, commands, isLive);
const park = new ParkTalk(store, commands, pick, talks, isLive);
const mine = new Mine(talks, park, isLive);
talks.changed = () => {
  mine.draw();
  carry.update();
  pick.update();
};
const next = new TakeNext(store, commands, isLive);
const missed = new MissedView(store, commands, isLive);
const inbox = new Inbox(store, commands, isLive);
const own = new OwnView(store);
const nudge = new Nudge();
const around = surroundings({ store, commands, notices, next, isLive, time: pictureTime });
const lots = new LotsView(around);
const list = new ListView(around);
const carry = new Carry({ store, desk, park, talks, lots, list, mine, isLive });

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
      store.setLinks(message);
      if (message.link.state !== "hearing") commands.lost("link_lost");
      return drawAll();
    case "missed":
      return missed.take(message.missed);
    case "returning":
      return returning(message.returning);
    case "own":
      store.own = message.own;
      return own.draw();
    case "notices":
      store.notices = message.notices;
      return inbox.draw();
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
  drawLot(result.lot.id);
}

/** @param {import("./types.js").Back[]} told */
function returning(told) {
  for (const back of store.setReturning(told)) announce(backSaid(back, callerName(back.caller)));
  for (const lot of store.lots.values()) lots.draw(lot);
  drawAround();
}

function drawAll() {
  live = showLink(store.link, connection, store.lostLinks());
  if (!store.link) return;
  showPhones(store.me.phones, store.mayRetrieveSomewhere());
  byId("park-demo").hidden = !store.me.demo;
  byId("park-demo").setAttribute("aria-disabled", String(!live));
  byId("bench").hidden = store.lots.size === 0 && !store.me.demo && !store.me.may_retrieve;
  lots.drawAll(store.lots);
  missed.draw();
  inbox.draw();
  own.draw();
  drawAround();
}

/** @param {number} id 0: of no lot */
function drawLot(id) {
  const lot = store.lots.get(id);
  if (lot) lots.draw(lot);
  else missed.draw();
  drawAround();
}

function drawAround() {
  byId("list").hidden = !isList() || store.lots.size === 0;
  byId("lots").hidden = isList();
  if (isList()) list.draw(store.shown(), store.lots.size > 1);
  next.draw();
  park.draw();
  mine.draw();
  desk.update();
  carry.update();
  summarise(store.waiting(), live);
}

onClicks({ store, commands, lots, list, desk, next, redraw: drawAll });
onKeys(store, desk, next, park);
onFilter(drawAll);
onShape(drawAll);
setInterval(() => {
  if (connection.state === "first") showLink(store.link, connection, []);
  if (!store.link) return;
  const now = pictureTime();
  lots.tick(store.lots.values());
  list.tick();
  mine.tick();
  if (live) nudge.look(store.places().filter((place) => store.takeable(place) && place.call.state === "parked"), now);
  summarise(store.waiting(), live);
}, 1000);

socket.start();
