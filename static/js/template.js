/* Placeholders that a press puts where the caret is. Without scripting they stand there to be copied. */
(() => {
  'use strict';
  const doc = document;
  const fields = [...doc.querySelectorAll('[data-takes]')];
  if (!fields.length) return;
  /* the field that was written in last, else the roomiest */
  let field = fields.find((one) => one.matches('textarea')) || fields[0];
  doc.addEventListener('focusin', ({ target }) => { if (fields.includes(target)) field = target; });
  doc.querySelectorAll('[data-insert]').forEach((code) => {
    const button = doc.createElement('button');
    button.type = 'button';
    button.className = 'insert';
    code.replaceWith(button);
    button.append(code);
    button.addEventListener('click', () => {
      const { selectionStart: from, selectionEnd: to } = field;
      field.focus();
      field.setRangeText(code.textContent, from, to, 'end');
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
  });
  /* the preview follows what is typed: its button is for pages without */
  doc.querySelectorAll('[data-plain]').forEach((button) => button.remove());
})();
