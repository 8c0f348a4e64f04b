/* Keeps the page of a booth and what it needs, so that it opens again while the network is down. Nothing else is kept. */
const SHELF = "madang-booth-1";
const OURS = /^\/(booths\/\d+\/$|static\/)/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin || !OURS.test(pathname)) return;
  event.respondWith(fresh(event.request));
});

async function fresh(request) {
  const shelf = await caches.open(SHELF);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await shelf.put(request, answer.clone());
    return answer;
  } catch (fault) {
    const kept = await shelf.match(request);
    if (kept) return kept;
    throw fault;
  }
}
