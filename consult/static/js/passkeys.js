// Passkeys: asks the browser for one and sends what it answers by the form. Without this file the form stays hidden,
// and other ways to give the second step are on the page.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const named = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

const asked = (options) => ({
  ...options,
  challenge: bytes(options.challenge),
  ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
  ...(options.excludeCredentials && { excludeCredentials: named(options.excludeCredentials) }),
  ...(options.allowCredentials && { allowCredentials: named(options.allowCredentials) }),
});

const told = (credential) => {
  const parts = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];
  const has = parts.filter((name) => credential.response[name]);
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response: Object.fromEntries(has.map((name) => [name, text(credential.response[name])])),
  });
};

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!window.PublicKeyCredential) continue;
  const { passkey, options, refused } = form.dataset;
  form.closest('[data-passkeys]').hidden = false;
  document.querySelector('[data-no-passkeys]')?.remove();
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const status = form.querySelector('[role="status"]');
    status.textContent = '';
    if (!form.reportValidity()) return;
    try {
      const publicKey = asked(JSON.parse(options));
      const credential = await navigator.credentials[passkey]({ publicKey });
      form.querySelector('[data-answer]').value = told(credential);
      form.submit();
    } catch {
      status.textContent = refused;
    }
  });
}
