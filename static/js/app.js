/* What the pages do beyond plain form posts. Everything here may be absent: each page works without it. */
(() => {
  'use strict';
  const doc = document;
  const $ = (selector, root = doc) => root.querySelector(selector);
  const $$ = (selector, root = doc) => [...root.querySelectorAll(selector)];
  const on = (names, listener, ...rest) => names.split(' ').forEach((name) => addEventListener(name, listener, ...rest));
  const live = () => $('#live');

  const say = (text) => {
    live().textContent = '';
    /* a live region speaks only of a change */
    setTimeout(() => { live().textContent = text; }, 50);
  };
  const announce = (text) => {
    const region = $('#announce');
    if (region) region.textContent = text;
  };

  /* htmx is half of a customer page's weight, so it comes with the first hand on the page; at once only where the page
     asks by itself. What is pressed or switched before it is there waits for it, and goes the plain way if it never comes. */
  const { swapper } = doc.body.dataset;
  let coming;
  const bring = () => {
    coming ??= swapper && new Promise((done) => {
      const script = Object.assign(doc.createElement('script'), { src: swapper, onload: done, onerror: done });
      /* earlier than the page's own load it would not see the page as ready */
      if (doc.readyState === 'complete') doc.head.append(script);
      else on('load', () => doc.head.append(script));
    });
    return Promise.resolve(coming).then(() => { delete doc.body.dataset.swapper; });
  };
  const again = {
    click: (part) => part.click(),
    submit: (part, button) => part.requestSubmit(button),
    change: (part) => part.dispatchEvent(new Event('change', { bubbles: true })),
  };
  const late = {
    click: 'a[data-hx-get], button[data-hx-post]', submit: '[data-hx-post]', change: '[data-hx-trigger*="change"]',
  };
  const hold = (event) => {
    const { target, type, submitter } = event;
    const part = target.closest && target.closest(late[type]);
    if (!part || !('swapper' in doc.body.dataset) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    bring().then(() => again[type](part, submitter));
  };
  if (swapper) {
    on('click submit change', hold, true);
    on('pointerdown pointermove keydown focusin scroll', bring, { once: true, passive: true, capture: true });
    if ($('[data-hx-trigger*="every"], [data-hx-trigger*="load"]')) bring();
  }

  /* One press, one post: the form is closed until its answer is there. The button is not disabled, for a
     disabled button loses its own name and value, and the focus. */
  const busy = (form, closed) => {
    if (closed) form.dataset.busy = '';
    else delete form.dataset.busy;
    for (const button of form.elements) {
      if (button.type !== 'submit') continue;
      if (closed) button.setAttribute('aria-disabled', 'true');
      else ['aria-disabled', 'aria-busy'].forEach((name) => button.removeAttribute(name));
    }
  };
  /* Words, not acts, go off by themselves once the line is back. What binds anybody is pressed again. */
  const wait = (form) => {
    const later = 'later' in form.dataset;
    if (later) form.dataset.waiting = '';
    say(live().dataset[later ? 'later' : 'offline']);
  };
  const sendWaiting = () => $$('form[data-waiting]').forEach((form) => {
    delete form.dataset.waiting;
    form.requestSubmit();
  });
  on('submit', (event) => {
    const form = event.target;
    const offline = navigator.onLine === false;
    if (offline || 'busy' in form.dataset) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (offline) wait(form);
    } else if (/post/i.test(form.getAttribute('method')) && form.target !== '_blank') {
      busy(form, true);
      if (event.submitter) event.submitter.setAttribute('aria-busy', 'true');
    }
  }, true);
  on('pageshow', () => $$('form[data-busy]').forEach((form) => busy(form, false)));
  on('online', () => { say(''); sendWaiting(); });
  on('offline', () => say(live().dataset.offline));

  /* Live regions of the page: not asked while nobody looks, not redrawn under a hand that is at work there. */
  const inUse = (poll) => {
    const region = $(poll.dataset.poll) || poll;
    const held = doc.activeElement;
    return !!$('details[open] form', region)
      || (region.contains(held) && held.matches('input, textarea, select'));
  };
  on('htmx:beforeRequest', (event) => {
    const { elt, target } = event.detail;
    if ('poll' in elt.dataset && (doc.hidden || inUse(elt))) event.preventDefault();
    else if (target !== elt) target.setAttribute('aria-busy', 'true');
  });
  on('htmx:beforeSwap', ({ detail }) => {
    const { elt } = detail.requestConfig;
    if ('poll' in elt.dataset && inUse(elt)) detail.shouldSwap = false;
  });
  on('visibilitychange', () => {
    if (!doc.hidden) $$('[data-poll]').forEach((poll) => bring().then(() => window.htmx && window.htmx.trigger(poll, 'shown')));
  });

  on('htmx:afterRequest', ({ detail }) => {
    /* an answer that leads elsewhere keeps the form closed until the page is gone */
    const leaving = detail.xhr && detail.xhr.getResponseHeader('HX-Redirect');
    if (detail.elt.matches('form') && !leaving) busy(detail.elt, false);
    if (detail.target) detail.target.removeAttribute('aria-busy');
    if (detail.successful && live().textContent && !('poll' in detail.elt.dataset)) say('');
  });
  /* The server's own words for why nothing came of it. What was typed stays where it is. */
  const told = (xhr) => {
    const page = new DOMParser().parseFromString((xhr && xhr.responseText) || '', 'text/html');
    return $$('#sentence p', page).map((line) => line.textContent.trim().replace(/\.$/, '')).filter(Boolean)
      .map((line) => `${line}.`).join(' ');
  };
  const failed = ({ detail }) => {
    if (detail.elt && 'poll' in detail.elt.dataset) return;
    if (navigator.onLine === false && detail.elt) wait(detail.elt);
    else say(told(detail.xhr) || live().dataset.failed);
  };
  /* A whole page that refuses takes the place of this one, as it would after a plain post. */
  on('htmx:beforeSwap', ({ detail }) => {
    if (!detail.xhr.getResponseHeader('HX-Retarget') || 'poll' in detail.requestConfig.elt.dataset) return;
    detail.shouldSwap = true;
    detail.isError = false;
  });
  on('htmx:sendError htmx:responseError htmx:timeout', failed);

  /* New content: fades in, is marked, speaks, takes the focus. */
  const arrive = (root, first) => {
    if (!first && !root.closest('[data-still]') && !matchMedia('(prefers-reduced-motion: reduce)').matches) {
      root.animate([{ opacity: 0 }, { opacity: 1 }], 120);
    }
    const pick = (selector) => (root.matches(selector) ? root : $(selector, root));
    const spoken = !first && pick('[data-announce]');
    if (spoken) announce(spoken.dataset.announce || spoken.textContent.trim());
    const focus = pick('[data-focus]') || pick('[aria-invalid="true"]');
    if (focus) {
      if (focus.tabIndex < 0) focus.tabIndex = -1;
      focus.focus();
    }
    const code = pick('[data-code]');
    if (code && 'OTPCredential' in window) fillCode(code);
  };
  on('htmx:load', ({ target }) => target !== doc.body && arrive(target, false));

  /* The code of a text message: fills itself where the browser can, goes off by itself at the last digit. */
  const send = (input, digits) => {
    input.value = digits;
    input.form.requestSubmit();
  };
  const fillCode = (input) => {
    const stop = new AbortController();
    input.form.addEventListener('submit', () => stop.abort(), { once: true });
    navigator.credentials.get({ otp: { transport: ['sms'] }, signal: stop.signal })
      .then((sms) => sms && send(input, sms.code))
      .catch(() => { /* no message, or the person types it: nothing to do */ });
  };
  on('input', ({ target }) => {
    if (!target.matches('[data-code]')) return;
    const digits = target.value.replace(/\D/g, '');
    if (digits.length === +target.dataset.code) send(target, digits);
  });

  on('click', ({ target }) => {
    $$('details.menu[open]').forEach((menu) => { if (!menu.contains(target)) menu.open = false; });
  });
  on('keydown', ({ key }) => {
    const menu = key === 'Escape' && $('details.menu[open]');
    if (menu) { menu.open = false; $('summary', menu).focus(); }
  });

  const worker = $('meta[name="worker"]');
  if (worker && navigator.serviceWorker && location.pathname.startsWith('/portal')) {
    on('load', () => navigator.serviceWorker.register(worker.content, { scope: '/portal' }).catch(() => {
      /* a browser that allows none: the page is whole without */
    }));
  }

  arrive(doc.body, true);
})();
