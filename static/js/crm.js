/* What the contractor's and support's pages do beyond app.js. Each page works without it. */
(() => {
  'use strict';
  const doc = document;
  const $ = (selector, root = doc) => root.querySelector(selector);
  const $$ = (selector, root = doc) => [...root.querySelectorAll(selector)];
  const on = (names, listener) => names.split(' ').forEach((name) => addEventListener(name, listener));

  /* News on the board is marked until it was looked at; what was there on the first visit is not news. */
  const shelf = 'seen:' + location.pathname;
  const read = () => {
    try { return JSON.parse(localStorage.getItem(shelf)); } catch { return null; }
  };
  const keep = (marks) => {
    try { localStorage.setItem(shelf, JSON.stringify(marks)); } catch { /* a full or closed store: marks stay */ }
  };
  const markNews = (root) => {
    /* what arrives is often the card itself */
    const cards = $$('[data-mark]', root.matches('[data-mark]') ? root.parentNode : root);
    const seen = read();
    if (!cards.length) return;
    if (!seen) keep(cards.map((card) => card.dataset.mark));
    else cards.forEach((card) => card.classList.toggle('is-new', !seen.includes(card.dataset.mark)));
  };
  const look = ({ target }) => {
    const card = target.closest && target.closest('.is-new');
    if (!card) return;
    card.classList.remove('is-new');
    const there = $$('[data-mark]:not(.is-new)').map((other) => other.dataset.mark);
    keep(there);
  };
  on('pointerover focusin', look);
  on('htmx:load', ({ target }) => target !== doc.body && markNews(target));

  /* A card that moves to another column is taken out and put in again: what had the focus keeps it, and its place on the
     screen: cards that come in above push it nowhere. */
  let held = '', top = 0;
  const place = () => (doc.activeElement.closest('[data-card]') ? doc.activeElement.getBoundingClientRect().top : 0);
  on('htmx:oobBeforeSwap', () => { held = doc.activeElement.id || held; top = top || place(); });
  on('htmx:oobAfterSwap', () => {
    const back = held && doc.activeElement === doc.body && doc.getElementById(held);
    if (back) back.focus({ preventScroll: true });
  });
  on('htmx:afterSettle', () => {
    const now = top && place();
    if (now) scrollBy({ top: now - top, behavior: 'instant' });
    held = ''; top = 0;
  });

  /* Keys of the pipeline. */
  const keysOn = () => localStorage.getItem('keys') !== 'off';
  const keysBox = $('[data-keys]');
  if (keysBox) {
    keysBox.checked = keysOn();
    keysBox.addEventListener('change', () => localStorage.setItem('keys', keysBox.checked ? 'on' : 'off'));
  }
  on('keydown', (event) => {
    if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches('input, textarea, select, [contenteditable]')) return;
    if (event.key === '/') {
      const search = $('[data-search]');
      if (search) { search.focus(); search.select(); event.preventDefault(); }
    } else if ($('[data-board]') && (event.key === 'j' || event.key === 'k')) {
      const links = $$('[data-card] a[id]').filter((link) => link.offsetParent);
      const at = links.indexOf(doc.activeElement);
      const next = links[at < 0 ? 0 : at + (event.key === 'j' ? 1 : -1)];
      if (next) next.focus();
    }
  });

  /* a row of tabs wider than the phone starts at the one that is open */
  $$('.tabs').forEach((row) => {
    const tab = $('[aria-current]', row);
    if (tab) row.scrollLeft = tab.offsetLeft - row.offsetLeft - 20;
  });

  markNews(doc.body);
})();
