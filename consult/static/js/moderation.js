// The moderation queue by single keys. They are off until switched on here (WCAG 2.1.4), remembered in this browser,
// and dead inside fields and with Ctrl, Alt or Cmd. Everything they do is a link or a button on the page.

const queue = document.querySelector('[data-queue]');
const toggle = document.getElementById('keys-on');
const offer = document.getElementById('keys-offer');
const KEPT = 'moderation-keys';
const ASKED = 'moderation-keys-offered';

const kept = {
  get() { try { return localStorage.getItem(KEPT) === 'on'; } catch { return false; } },
  set(on) { try { if (on) localStorage.setItem(KEPT, 'on'); else localStorage.removeItem(KEPT); } catch { /* private mode */ } },
};

const offered = {
  get() { try { return localStorage.getItem(ASKED) === 'yes'; } catch { return true; } },
  set() { try { localStorage.setItem(ASKED, 'yes'); } catch { /* private mode */ } },
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

// How many are ticked, said as it changes.
const bar = document.getElementById('bulk-count');
const ticks = [...document.querySelectorAll('input[name="c"]')];
const tell = () => {
  const count = ticks.filter((tick) => tick.checked).length;
  bar.textContent = count ? `${count} ${bar.dataset.words}` : '';
};
if (bar) {
  for (const tick of ticks) tick.addEventListener('change', tell);
  addEventListener('pageshow', () => { if (ticks.some((tick) => tick.checked)) tell(); });
}

if (queue && toggle) {
  for (const part of queue.querySelectorAll('[data-needs-script]')) part.hidden = false;
  toggle.checked = kept.get();
  toggle.addEventListener('change', () => { kept.set(toggle.checked); offered.set(); offer.hidden = true; });
  offer.hidden = toggle.checked || offered.get();
  for (const choice of offer.querySelectorAll('[data-keys]')) {
    choice.addEventListener('click', () => {
      toggle.checked = choice.dataset.keys === 'on';
      toggle.dispatchEvent(new Event('change'));
      (document.getElementById('act-skip') ?? toggle).focus();
    });
  }

  const links = [...queue.querySelectorAll('.qitem > a')];
  const open = links.findIndex((link) => link.hasAttribute('aria-current'));
  const go = (step) => links[Math.min(links.length - 1, Math.max(0, open + step))]?.click();
  const reasons = () => [...document.querySelectorAll('#detail input[name="reason"]')];
  const acts = {
    j: () => go(1),
    n: () => go(1),
    s: () => document.getElementById('act-skip')?.click(),
    z: () => document.getElementById('act-undo')?.click(),
    k: () => go(-1),
    a: () => document.getElementById('act-approve')?.click(),
    t: () => reasons()[0]?.focus(),
    x: () => document.querySelector('.qitem.cur .pick input')?.click(),
  };

  document.addEventListener('keydown', (event) => {
    if (!toggle.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.isContentEditable) return;
    if (event.target.matches('textarea, select, input:not([type="checkbox"]):not([type="radio"])')) return;
    if (/^[1-9]$/.test(event.key)) {
      const reason = reasons()[Number(event.key) - 1];
      if (reason) { reason.checked = true; reason.focus(); }
      return;
    }
    const act = acts[event.key.toLowerCase()];
    if (act) { event.preventDefault(); act(); }
  });
}

// Words selected in a comment are added to those that go, a line for each line of it.
const taking = document.querySelector('[data-take-from]');
const adding = document.querySelector('[data-take-selected]');
if (taking && adding) {
  adding.parentElement.hidden = false;
  let selected = '';
  document.addEventListener('selectionchange', () => {
    const chosen = document.getSelection();
    const source = document.getElementById(taking.dataset.takeFrom);
    if (chosen.rangeCount && source.contains(chosen.getRangeAt(0).commonAncestorContainer)) selected = chosen.toString();
  });
  adding.addEventListener('click', () => {
    if (!selected.trim()) return;
    taking.value = [taking.value.trim(), selected.trim()].filter(Boolean).join('\n');
    selected = '';
    taking.focus();
  });
}
