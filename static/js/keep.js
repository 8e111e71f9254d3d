/* What a member had typed when their session ended is there again after they signed in: in this tab, for the same person,
   on the same page. It is gone once it was sent, once they went elsewhere, and at signing out. */
(() => {
  'use strict';
  const doc = document;
  const store = sessionStorage;
  const token = doc.querySelector('.topbar [name="csrf_token"]');
  if (!token) return;
  /* the same for all pages of a session; not the token itself */
  const session = [...token.value.split('.')[0]].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) | 0, 7);
  const fields = (form) => [...form.elements].filter((one) => one.name && !/hidden|file|password|submit|button/.test(one.type));
  const held = (one) => (/checkbox|radio/.test(one.type) ? one.checked : one.value);
  const forms = () => [...doc.querySelectorAll('form[data-keeps]')];
  const shelf = (form) => 'typed:' + location.pathname + ':' + forms().indexOf(form);

  const put = (form) => {
    const typed = fields(form).map((one) => [one.name, held(one)]);
    try { store.setItem(shelf(form), JSON.stringify({ session, who: form.dataset.keeps, typed })); } catch { /* full: not kept */ }
  };
  const bring = (form) => {
    const kept = JSON.parse(store.getItem(shelf(form)) || 'null');
    store.removeItem(shelf(form));
    if (!kept || kept.session === session || kept.who !== form.dataset.keeps) return;
    const now = fields(form);
    const differ = now.filter((one, place) => kept.typed[place] && kept.typed[place][0] === one.name && kept.typed[place][1] !== held(one));
    if (!differ.length) return;
    differ.forEach((one) => {
      const value = kept.typed[now.indexOf(one)][1];
      if (typeof value === 'boolean') one.checked = value; else one.value = value;
    });
    const said = doc.createElement('p');
    said.className = 'notice notice-info';
    said.setAttribute('role', 'status');
    said.textContent = form.dataset.kept;
    form.prepend(said);
    differ[0].dispatchEvent(new Event('input', { bubbles: true }));
  };

  forms().forEach(bring);
  /* of this session: sent, or left */
  Object.keys(store).forEach((key) => {
    if (key.startsWith('typed:') && JSON.parse(store.getItem(key)).session === session) store.removeItem(key);
  });
  forms().filter((form) => form.querySelector(':scope > [role="status"]')).forEach(put);

  doc.addEventListener('input', ({ target }) => { if (target.form && target.form.matches('[data-keeps]')) put(target.form); });
  doc.addEventListener('htmx:afterRequest', ({ detail }) => {
    const form = detail.elt.closest('form[data-keeps]');
    const isSent = form && detail.successful && detail.requestConfig.path === form.getAttribute('action');
    if (isSent && !detail.xhr.getResponseHeader('HX-Redirect')) store.removeItem(shelf(form));
  });
  doc.addEventListener('submit', ({ target }) => {
    if (target.closest('.topbar')) Object.keys(store).forEach((key) => { if (key.startsWith('typed:')) store.removeItem(key); });
  });
})();
