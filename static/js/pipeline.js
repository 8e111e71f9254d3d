/* Choosing cards on the board: by hand, by the key x, a whole stretch with shift. The ticks outlive what a poll redraws. */
(() => {
  'use strict';
  const doc = document;
  const bar = doc.getElementById('bulk');
  if (!bar) return;
  const chosen = new Set();
  const ticks = () => [...doc.querySelectorAll('input[form="bulk"][name="card"]')];
  const words = bar.querySelector('[data-count-one]');
  const plain = words.textContent;
  let last = null;

  const count = () => {
    const many = chosen.size;
    bar.toggleAttribute('data-any', many > 0);
    const { countOne, countMany } = words.dataset;
    words.textContent = many === 1 ? countOne : many ? countMany.replace('#', many) : plain;
  };
  const note = (tick) => { chosen[tick.checked ? 'add' : 'delete'](tick.value); };
  /* what came in, or came back with the page */
  const settle = () => {
    const there = ticks();
    there.forEach((tick) => { tick.checked = chosen.has(tick.value); });
    const ids = new Set(there.map((tick) => tick.value));
    chosen.forEach((id) => { if (!ids.has(id)) chosen.delete(id); });
    count();
  };
  ticks().forEach(note);
  count();

  doc.addEventListener('click', (event) => {
    const tick = event.target;
    if (!tick.matches('input[form="bulk"]')) return;
    const all = ticks();
    const from = all.indexOf(last);
    if (event.shiftKey && from >= 0) {
      const ends = [from, all.indexOf(tick)].sort((a, b) => a - b);
      all.slice(ends[0], ends[1] + 1).forEach((one) => { one.checked = tick.checked; note(one); });
    }
    last = tick;
    note(tick);
    count();
  });
  doc.addEventListener('keydown', (event) => {
    if (event.key !== 'x' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (localStorage.getItem('keys') === 'off' || !event.target.closest('[data-card]')) return;
    const tick = event.target.closest('[data-card]').querySelector('input[form="bulk"]');
    if (tick && tick !== event.target) { tick.click(); event.preventDefault(); }
  });
  bar.addEventListener('reset', () => { chosen.clear(); setTimeout(settle); });
  doc.addEventListener('htmx:afterSettle', settle);
  doc.addEventListener('change', ({ target }) => {
    if (target.matches('[data-submits]')) target.form.requestSubmit();
  });
})();
