/* Signing by hand. Without this the typed name is the way, and stays an equal one with it. */
(() => {
  'use strict';
  const form = document.querySelector('[data-sign]');
  if (!form || !window.SignaturePad) return;
  const $ = (name) => form.querySelector(`[data-sign-${name}]`);
  const way = $('way'), points = $('points'), canvas = $('canvas'), drawn = $('drawn'), typed = $('typed');
  const full = $('full'), larger = full.textContent, closing = full.dataset.close;
  const ink = () => getComputedStyle(canvas).color;
  const pad = new window.SignaturePad(canvas, { minWidth: 0.9, maxWidth: 2.8, minDistance: 2, penColor: ink() });

  /* What was drawn, and on how large a pad: turning the phone lays the same strokes out anew. */
  let kept = { groups: [], width: 0, height: 0 };
  const size = () => ({ width: canvas.offsetWidth, height: canvas.offsetHeight });
  const bare = (groups) => groups.map((group) => ({
    points: group.points.map(({ x, y, pressure }) => ({
      x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10, pressure: Math.round(pressure * 100) / 100,
    })),
  }));
  const keep = () => {
    const groups = pad.toData();
    kept = { groups, ...size() };
    points.value = groups.length ? JSON.stringify(bare(groups)) : '';
    ['undo', 'clear'].forEach((name) => { $(name).disabled = !groups.length; });
  };

  const laidOut = () => {
    const { width, height } = size();
    const by = kept.width ? Math.min(width / kept.width, height / kept.height) : 1;
    const left = kept.width ? (width - kept.width * by) / 2 : 0;
    /* by their foot, so that they stay on the line */
    const top = kept.width ? height - kept.height * by : 0;
    return kept.groups.map((group) => ({
      ...group,
      penColor: ink(),
      points: group.points.map((point) => ({ ...point, x: point.x * by + left, y: point.y * by + top })),
    }));
  };
  const fit = () => {
    const { width, height } = size();
    if (!width || !height) return;
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.getContext('2d').scale(ratio, ratio);
    pad.penColor = ink();
    pad.clear();
    pad.fromData(laidOut());
  };

  const show = (name) => {
    const draws = name === 'draw';
    way.value = name;
    drawn.hidden = !draws;
    typed.hidden = draws;
    if (draws) fit();
  };
  const sheet = (open) => {
    if (open === drawn.classList.contains('sign-full')) return;
    drawn.classList.toggle('sign-full', open);
    document.documentElement.classList.toggle('sheet-open', open);
    full.textContent = open ? closing : larger;
    fit();
  };
  /* A phone on its side is too low for a page with a pad on it: the pad becomes the whole screen. */
  const lying = window.matchMedia('(max-height: 26rem) and (pointer: coarse)');
  const turned = () => { if (!drawn.hidden) sheet(lying.matches); };

  pad.addEventListener('endStroke', keep);
  $('undo').addEventListener('click', () => { pad.fromData(pad.toData().slice(0, -1)); keep(); });
  $('clear').addEventListener('click', () => { pad.clear(); keep(); });
  full.addEventListener('click', () => sheet(!drawn.classList.contains('sign-full')));
  $('type').addEventListener('click', () => {
    sheet(false);
    show('type');
    typed.querySelector('input').focus();
  });
  $('draw').addEventListener('click', () => { show('draw'); turned(); });
  addEventListener('keydown', ({ key }) => { if (key === 'Escape') sheet(false); });
  new ResizeObserver(fit).observe(canvas);
  lying.addEventListener('change', turned);
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', fit);

  /* What came back with a refusal is on the pad again. */
  const restore = () => {
    try {
      const groups = JSON.parse(points.value || '[]').map((group) => ({
        penColor: ink(), dotSize: 0, minWidth: 0.9, maxWidth: 2.8, velocityFilterWeight: 0.7,
        points: group.points.map((point, at) => ({ ...point, time: at * 16 })),
      }));
      if (groups.length) kept = { groups, ...size() };
    } catch { points.value = ''; }
  };

  $('draw').disabled = false;
  show(form.dataset.sign);
  restore();
  fit();
  keep();
  turned();
})();
