/* The builder of an estimate by keyboard: rows come, go and move at once, the server hears of it as of typing. Without this
   the same is done by its buttons. */
(() => {
  'use strict';
  const doc = document;
  const form = doc.getElementById('builder');
  const $ = (selector, root = form) => root.querySelector(selector);
  const $$ = (selector, root = form) => [...root.querySelectorAll(selector)];
  const words = form.dataset;
  const blank = /blank[01]{21}/g;

  /* What is typed, and how much of it the server has. A field beside the lines, to look something up, is no part of it. */
  let typed = 0, kept = 0, leaving = '', out = false;
  const say = (text, off) => {
    const state = $('.builder-state');
    state.textContent = text;
    state.classList.toggle('is-off', !!off);
  };
  const touched = ({ target }) => {
    if (target.matches('#book, #pasted')) return;
    typed += 1;
    if ($('.builder-state')) say(words.unsaved);
  };
  form.addEventListener('input', touched);
  form.addEventListener('change', touched);
  const changed = () => form.dispatchEvent(new Event('change', { bubbles: true }));
  const save = () => htmx.trigger(form, 'submit');
  const isSave = ({ detail }) => detail.requestConfig && detail.requestConfig.verb === 'post' && form.contains(detail.elt);

  form.addEventListener('htmx:beforeRequest', (event) => {
    if (isSave(event)) Object.assign(event.detail.xhr, { typed, sent: snapshot() });
  });
  form.addEventListener('htmx:afterRequest', (event) => {
    const { detail } = event;
    if (!isSave(event) || !detail.successful) return;
    kept = detail.xhr.typed;
    out = false;
    if (typed > kept) say(words.unsaved);
    else if (leaving) location.assign(leaving);
  });

  /* Signed out meanwhile: all stays in the fields, and goes off once somebody has signed in again in another tab. */
  const signedOut = () => { out = true; leaving = ''; say(words.signedOut, true); };
  const again = async () => {
    const page = await fetch(location.pathname, { cache: 'no-store' });
    const token = !page.redirected && page.ok
      && $('[name="csrf_token"]', new DOMParser().parseFromString(await page.text(), 'text/html'));
    if (!token) { signedOut(); return; }
    $$('[name="csrf_token"]', doc).forEach((input) => { input.value = token.value; });
    doc.body.dataset.hxHeaders = JSON.stringify({ 'X-CSRFToken': token.value });
    save();
  };
  let tried = 0;
  const refused = () => {
    signedOut();
    if (Date.now() - tried > 5000) { tried = Date.now(); again().catch(signedOut); }
  };
  form.addEventListener('htmx:beforeOnLoad', (event) => {
    const to = event.detail.xhr.getResponseHeader('HX-Redirect') || '';
    if (isSave(event) && to.includes(words.signIn)) { event.preventDefault(); refused(); }
  });
  form.addEventListener('htmx:responseError', (event) => {
    leaving = '';
    if (isSave(event) && [400, 401].includes(event.detail.xhr.status)) refused();
  });
  addEventListener('focus', () => { if (out) again().catch(signedOut); });
  addEventListener('beforeunload', (event) => { if (typed > kept && !leaving) event.preventDefault(); });
  addEventListener('click', (event) => {
    const link = event.target.closest('a[href]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || typed === kept) return;
    if (link.closest('#conflict')) { kept = typed; return; }
    event.preventDefault();
    leaving = link.href;
    save();
  });

  /* Rows. A new key is as long as the server's own, and as hard to hit twice. */
  const rows = () => $$('[data-row]');
  const nameOf = (row) => row && $('.item-name input', row);
  const mint = () => [...crypto.getRandomValues(new Uint8Array(26))].map((byte) => (byte % 36).toString(36)).join('');
  const count = () => {
    const word = $('legend', doc.getElementById('blank-line').content).textContent.trim();
    $$('.item:not(.item-heading) > legend').forEach((legend, at) => { legend.textContent = `${word} ${at + 1}`; });
  };
  const add = (kind, row) => {
    const html = doc.getElementById(`blank-${kind}`).innerHTML.replace(blank, mint());
    const list = $('#rows');
    $$(':scope > p', list).forEach((line) => line.remove());
    if (row) row.insertAdjacentHTML('afterend', html);
    else list.insertAdjacentHTML('beforeend', html);
    const fresh = row ? row.nextElementSibling : list.lastElementChild;
    htmx.process(fresh);
    nameOf(fresh).focus();
  };
  const remove = (row) => {
    const next = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    (nameOf(next) || $('[value="add"]')).focus();
  };
  /* the neighbor moves, so that the row keeps the focus */
  const up = (row) => { if (row.previousElementSibling) row.after(row.previousElementSibling); };
  const down = (row) => { if (row.nextElementSibling) row.before(row.nextElementSibling); };
  const verbs = { remove, up, down, add: () => add('line'), heading: () => add('heading') };
  const act = (verb, row) => {
    verbs[verb](row);
    if (row && row.isConnected) row.scrollIntoView({ block: 'nearest' });
    count();
    changed();
  };

  /* A row that the server makes comes with all the others. What was typed, added, moved or taken out while it answered
     stands here alone: it is put back into what comes. */
  const own = () => $$('[data-row] [name]:not([type="hidden"])');
  const valueOf = (field) => (field.type === 'checkbox' ? field.checked : field.value);
  const order = () => rows().map((row) => row.dataset.row);
  const snapshot = () => ({ order: order(), values: new Map(own().map((field) => [field.name, valueOf(field)])) });
  const put = (field, value) => { field[field.type === 'checkbox' ? 'checked' : 'value'] = value; };
  let since = null;
  form.addEventListener('htmx:beforeSwap', ({ detail }) => {
    const { sent } = detail.xhr;
    if (detail.target.id !== 'items' || !sent || detail.xhr.typed === typed) return;
    const at = doc.activeElement;
    since = {
      order: order(), sent, at, name: at.name, span: [at.selectionStart, at.selectionEnd],
      typed: own().filter((field) => sent.values.get(field.name) !== valueOf(field)),
      rows: new Map(rows().map((row) => [row.dataset.row, row])),
    };
  });
  const merge = (old) => {
    const come = order();
    const kept = (key) => come.includes(key) || !old.sent.order.includes(key) || old.typed.some((field) => field.name.includes(key));
    const wanted = old.order.filter(kept);
    come.forEach((key, at) => {
      if (!old.order.includes(key) && !old.sent.order.includes(key)) wanted.splice(at ? wanted.indexOf(come[at - 1]) + 1 : 0, 0, key);
    });
    const here = new Map(rows().map((row) => [row.dataset.row, row]));
    $('#rows').replaceChildren(...wanted.map((key) => here.get(key) || old.rows.get(key)));
    old.typed.forEach((field) => { if (form.elements[field.name]) put(form.elements[field.name], valueOf(field)); });
    $$('[data-focus]').forEach((field) => field.removeAttribute('data-focus'));
    const back = old.at.closest('#items') ? old.name && form.elements[old.name] : old.at;
    if (back && back.focus) {
      back.focus();
      if (back.setSelectionRange && old.span[0] !== null && old.span[0] !== undefined) back.setSelectionRange(...old.span);
    }
    count();
  };
  form.addEventListener('htmx:afterSwap', () => {
    const old = since;
    since = null;
    if (old) merge(old);
  });

  doc.addEventListener('click', (event) => {
    const button = event.target.closest('#builder button[name="do"]');
    const verb = button && button.value.split(':')[0];
    if (!(verb in verbs)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    act(verb, button.closest('[data-row]'));
  }, true);
  form.addEventListener('keydown', (event) => {
    const { target, key } = event;
    const row = target.closest('[data-row]');
    if (key === 'Enter' && target.id === 'book') event.preventDefault();
    if (!row || event.isComposing || event.ctrlKey || event.metaKey) return;
    if (key === 'Enter' && !event.shiftKey && !event.altKey && !target.matches('button, summary')) {
      event.preventDefault();
      add('line', row);
      count();
      changed();
    } else if (event.altKey && (key === 'ArrowUp' || key === 'ArrowDown')) {
      event.preventDefault();
      act(key === 'ArrowUp' ? 'up' : 'down', row);
    }
  });
  form.addEventListener('focusin', ({ target }) => {
    const row = target.closest('[data-row]');
    if (row) form.elements.below.value = row.dataset.row;
  });

  /* Cells of a spreadsheet become lines beneath; a single one is typed where it stands. */
  form.addEventListener('paste', (event) => {
    const row = event.target.closest('[data-row]');
    const text = event.clipboardData.getData('text/plain').trimEnd();
    if (!row || !(text.includes('\t') || (event.target.matches('input') && text.includes('\n')))) return;
    event.preventDefault();
    $('#pasted').value = text;
    const button = $('#paste');
    button.value = `paste:${row.dataset.row}`;
    button.click();
  });

  /* Of a group one line starts on. */
  form.addEventListener('change', ({ target }) => {
    if (!/-starts_chosen$/.test(target.name || '') || !target.checked) return;
    const groups = new Map();
    let section = '';
    rows().forEach((row) => {
      const group = $('[name$="-group_name"]', row);
      if (!group) section = row.dataset.row;
      else if (group.value.trim()) groups.set(row, `${section} ${group.value.trim()}`);
    });
    const own = groups.get(target.closest('[data-row]'));
    groups.forEach((name, row) => {
      const start = $('[name$="-starts_chosen"]', row);
      if (name === own && start !== target) start.checked = false;
    });
  });

  let dragged = null;
  form.addEventListener('dragstart', (event) => {
    dragged = event.target.closest && event.target.closest('.item-grip') && event.target.closest('[data-row]');
    if (dragged) event.dataTransfer.setDragImage(dragged, 0, 0);
  });
  form.addEventListener('dragover', (event) => {
    const over = dragged && event.target.closest('[data-row]');
    if (!over) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    if (over !== dragged) over[event.clientY < box.top + box.height / 2 ? 'before' : 'after'](dragged);
  });
  form.addEventListener('drop', (event) => { if (dragged) event.preventDefault(); });
  form.addEventListener('dragend', () => { if (dragged) { dragged = null; count(); changed(); } });
})();
