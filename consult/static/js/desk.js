// The desk by single keys. They are off until switched on here (WCAG 2.1.4), remembered in this browser, and dead inside
// fields and with Ctrl, Alt or Cmd. Everything they do is a link or a button on the page.

const desk = document.querySelector('[data-queue="desk"]');
const toggle = document.getElementById('keys-on');
const form = document.getElementById('desk-form');
const KEPT = 'desk-keys';
const ROW = 'desk-row';

const kept = {
  get() { try { return localStorage.getItem(KEPT) === 'on'; } catch { return false; } },
  set(on) { try { if (on) localStorage.setItem(KEPT, 'on'); else localStorage.removeItem(KEPT); } catch { /* private mode */ } },
};
const place = {
  get() { try { return JSON.parse(sessionStorage.getItem(ROW)); } catch { return null; } },
  set(row) { try { sessionStorage.setItem(ROW, JSON.stringify(row)); } catch { /* private mode */ } },
  forget() { try { sessionStorage.removeItem(ROW); } catch { /* private mode */ } },
};

// What can be undone is said aloud once, and goes when its time is over.
for (const line of document.querySelectorAll('[data-undo]')) {
  const said = line.querySelector('span');
  if (line.getAttribute('role') === 'status') {
    const words = said.textContent;
    said.textContent = '';
    setTimeout(() => { said.textContent = words; }, 150);
  }
  setTimeout(() => { line.remove(); }, Number(line.dataset.undo) * 1000);
}

if (desk && form && toggle) {
  for (const part of desk.querySelectorAll('[data-needs-script]')) part.hidden = false;
  const rows = [...form.querySelectorAll('[data-row]')];
  const boxes = () => [...form.querySelectorAll('input[name="key"]')];
  const box = (row) => row?.querySelector('input[name="key"]');
  const ticked = () => boxes().filter((each) => each.checked);
  const count = form.querySelector('[data-ticked]');
  const all = form.querySelector('[data-tick-all]');
  let at = -1;

  const tell = () => {
    const many = ticked().length;
    count.textContent = many === 1 ? count.dataset.one : many ? count.dataset.many.replace('{count}', many) : '';
  };
  form.addEventListener('change', tell);
  tell();
  all?.addEventListener('click', (event) => {
    event.preventDefault();
    const on = ticked().length < rows.length;
    for (const each of boxes()) each.checked = on;
    tell();
  });

  const go = (index, focus = true) => {
    if (!rows.length) return;
    rows[at]?.classList.remove('cur');
    at = Math.min(rows.length - 1, Math.max(0, index));
    rows[at].classList.add('cur');
    if (focus) rows[at].querySelector('[data-words]').focus();
  };
  const here = () => rows[at]?.dataset.row;
  const act = (id) => {
    const button = document.getElementById(id);
    if (!button) return;
    if (!ticked().length && rows[at]) box(rows[at]).checked = true;
    if (!ticked().length) return;
    button.click();
  };
  form.addEventListener('submit', () => { if (toggle.checked) place.set({ key: here(), index: at }); });
  form.addEventListener('focusin', (event) => {
    const row = event.target.closest('[data-row]');
    if (row && toggle.checked) go(rows.indexOf(row), false);
  });

  const show = () => {
    const list = document.getElementById('keys-list');
    list.open = !list.open;
    list.querySelector('summary').focus();
  };
  const acts = {
    j: () => go(at + 1),
    k: () => go(at < 0 ? 0 : at - 1),
    x: () => { if (rows[at]) { box(rows[at]).checked = !box(rows[at]).checked; tell(); } },
    r: () => act('act-read'),
    g: () => act('act-mine'),
    a: () => {
      const several = document.getElementById('act-answer');
      if (several && ticked().length > 1) several.click();
      else rows[at]?.querySelector('[data-answer]').click();
    },
    p: () => {
      const choice = document.getElementById('put-point');
      if (!ticked().length && rows[at]) { box(rows[at]).checked = true; tell(); }
      choice?.focus();
    },
    z: () => document.getElementById('act-undo')?.click(),
    '?': show,
  };

  toggle.checked = kept.get();
  toggle.addEventListener('change', () => kept.set(toggle.checked));
  const before = toggle.checked ? place.get() : null;
  place.forget();
  if (before && !document.querySelector('[data-error-summary]')) {
    const again = rows.findIndex((row) => row.dataset.row === before.key);
    go(again >= 0 ? again : before.index);
  }

  document.addEventListener('keydown', (event) => {
    if (!toggle.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches('textarea, select, input:not([type="checkbox"]):not([type="radio"])')) return;
    if (event.target.isContentEditable) return;
    const key = acts[event.key.toLowerCase()];
    if (key) { event.preventDefault(); key(); }
  });
}
