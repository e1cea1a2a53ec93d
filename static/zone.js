// Tells the server the viewer's time zone, in a cookie: history and reports are written there, in whole days of theirs.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const told = `parkinglot_zone=${zone}`;

/** Whether the server hears it with every request. */
function isTold() {
  return document.cookie.split("; ").includes(told);
}

if (zone && !isTold()) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${told}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  // A page made before the zone was known is asked for again; where cookies are refused it stays as it is.
  if (isTold() && document.querySelector("[data-zone]")) location.reload();
}
