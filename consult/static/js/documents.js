// The draft's preview, made by the server as the writer types. Without this file there is a button for it.

const source = document.querySelector('[data-md-source]');
const out = document.querySelector('[data-md-preview]');
const form = source?.form;

if (form && out) {
  const PAUSE = 500;                                  // milliseconds without a key before the server is asked
  let timer;
  let asking = null;
  const draw = async () => {
    asking?.abort();
    asking = new AbortController();
    const typed = new FormData();
    typed.set('csrf_token', form.elements.csrf_token.value);
    typed.set('source', source.value);
    try {
      const response = await fetch(form.dataset.previewAt, { method: 'POST', body: typed, signal: asking.signal, credentials: 'same-origin' });
      if (!response.ok || response.redirected) return; // the button still works, and says what is wrong
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      const top = out.scrollTop;
      out.replaceChildren(...page.body.childNodes);
      out.scrollTop = top;
    } catch { /* not reachable just now: the next key tries again */ }
  };
  source.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(draw, PAUSE); });

  if (source.value !== source.defaultValue) draw();   // typed before this file was here, or kept by the browser

  // Text that is not saved yet is not lost by a slip.
  let saved = source.defaultValue;
  form.addEventListener('submit', () => { saved = source.value; });
  addEventListener('beforeunload', (e) => { if (source.value !== saved) e.preventDefault(); });
}
