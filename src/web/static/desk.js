// Keys of the desk and of a lead's page; both work without this file.

const isTyping = (target) => target.matches('input, select, textarea, [contenteditable]');
const leads = () => [...document.querySelectorAll('.lead h2 a')];

// Opens the folded part that holds an element, and focuses it.
const reach = (css) => {
  const element = document.querySelector(css);
  if (!element) return false;
  const folded = element.closest('details');
  if (folded) folded.open = true;
  element.scrollIntoView({ block: 'center' });
  element.focus();
  return true;
};

const step = (by) => {
  const all = leads();
  if (!all.length) return;
  const at = all.indexOf(document.activeElement);
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  next.scrollIntoView({ block: 'center' });
  next.focus();
};

// On a lead's page the form is there; on the desk the page of the chosen lead opens at it.
const form = (name, css) => {
  if (reach(css)) return;
  const chosen = leads().includes(document.activeElement) ? document.activeElement : leads()[0];
  if (chosen) location.assign(`${chosen.getAttribute('href')}#${name}`);
};

const help = () => {
  const sheet = document.getElementById('keys');
  if (!sheet) return;
  sheet.open = !sheet.open;
  if (sheet.open) sheet.scrollIntoView({ block: 'center' });
};

const keys = {
  '/': () => reach('#q') || location.assign(document.querySelector('main > p > a')?.getAttribute('href') ?? '/staff'),
  j: () => step(1),
  k: () => step(-1),
  n: () => form('note', '#f-note-text'),
  o: () => form('owner', '#f-owner-owner'),
  '?': help,
};

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// An address with a part opens it, so that its form can be filled at once.
const opened = () => {
  const part = location.hash && document.getElementById(location.hash.slice(1));
  if (!part || !part.matches('details')) return;
  part.open = true;
  part.querySelector('textarea, select')?.focus({ preventScroll: true });
};
addEventListener('hashchange', opened);
opened();

// After a tap on the number the note of the call is offered.
document.querySelectorAll('a[href^="tel:"]').forEach((link) => link.addEventListener('click', () => {
  setTimeout(() => reach('#f-note-text'), 0);
}));
