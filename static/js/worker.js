/* Beside the portal on a phone: keeps the sheet, the scripts and one page that says there is no connection.
   No page of a person is ever kept. Its own address carries what to fetch first: ?keep=…. */
(() => {
  'use strict';
  const store = `shell ${self.location}`;
  const offline = '/portal/offline';
  const first = new URL(self.location).searchParams.getAll('keep');

  self.addEventListener('install', (event) => {
    const page = new Request(offline, { credentials: 'omit' });
    event.waitUntil(caches.open(store).then((shell) => shell.addAll([page, ...first])).then(() => self.skipWaiting()));
  });
  self.addEventListener('activate', (event) => {
    const tidy = caches.keys().then((names) => Promise.all(
      names.filter((name) => name !== store).map((name) => caches.delete(name)),
    ));
    event.waitUntil(tidy.then(() => self.clients.claim()));
  });
  self.addEventListener('fetch', (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.mode === 'navigate') {
      event.respondWith(fetch(request).catch(() => caches.match(offline)));
    } else if (request.method === 'GET' && origin === self.location.origin && pathname.startsWith('/assets/')) {
      event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
    }
  });
})();
