// The service worker; the build fills in VERSION and PRECACHE.
// Pages come from the network when it answers in three seconds, else from the cache; files with a
// hash in their name always come from the cache. Data, events and stored files are never touched.
const VERSION = "__VERSION__";
const PRECACHE = __PRECACHE__;
const CACHE = `onetrip-${VERSION}`;
const SHELL = "/__spa-fallback.html";
const NEVER = ["/api/", "/_event", "/_upload", "/_health", "/ping", "/storage/", "/dev/", "/g/", "/s/"];
const PATIENCE = 3000;
// Reflex answers with a Vary that module scripts never satisfy.
const LOOSE = { ignoreVary: true };

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(PRECACHE.map((url) => new Request(url, { cache: "reload" })))),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names
            .filter((name) => name.startsWith("onetrip-") && name !== CACHE)
            .map((name) => caches.delete(name)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

// The page asks when the person taps "update"; until then the old version serves its own pages.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
});

const isOurs = (request, url) =>
  request.method === "GET" &&
  url.origin === self.location.origin &&
  !NEVER.some((prefix) => url.pathname === prefix.replace(/\/$/, "") || url.pathname.startsWith(prefix));

async function fromCache(url) {
  const cache = await caches.open(CACHE);
  const path = url.pathname.endsWith("/") ? url.pathname : `${url.pathname}/`;
  return (await cache.match(path, LOOSE)) ?? (await cache.match(SHELL, LOOSE)) ?? Response.error();
}

async function page(request, url) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), PATIENCE);
  try {
    const answer = await fetch(request, { signal: controller.signal });
    // A proxy that says "bad gateway" is no better than no network.
    return [502, 503, 504].includes(answer.status) ? await fromCache(url) : answer;
  } catch {
    return fromCache(url);
  } finally {
    clearTimeout(timer);
  }
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, LOOSE)) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (!isOurs(event.request, url)) return;
  event.respondWith(event.request.mode === "navigate" ? page(event.request, url) : file(event.request));
});
