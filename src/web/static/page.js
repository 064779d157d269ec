// Comforts only: every page works without this file.

// A tap on a marked piece of the text opens the chip that it was read into.
document.querySelectorAll('mark[data-field]').forEach((mark) => {
  const chip = document.getElementById('c-' + mark.dataset.field);
  if (!chip) return;
  mark.tabIndex = 0;
  mark.setAttribute('role', 'button');
  const open = () => {
    const more = chip.closest('details.more');
    if (more) more.open = true;
    if ('open' in chip) chip.open = true;
    const input = chip.querySelector('input, select, textarea');
    if (input) input.focus();
  };
  mark.addEventListener('click', open);
  mark.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      open();
    }
  });
});

// Of the open chips only the last one stays open.
const chips = [...document.querySelectorAll('details.chip')];
chips.forEach((chip) => chip.addEventListener('toggle', () => {
  if (chip.open) chips.filter((other) => other !== chip && !other.classList.contains('wrong')).forEach((other) => { other.open = false; });
}));

// The answer of a form gets the address under which it is come back to; the writer's own text stays in the history entry.
const answer = document.querySelector('form[data-address]');
if (answer) {
  const own = ['text', 'was'].map((name) => answer.elements[name]).filter(Boolean);
  const kept = history.state;
  own.forEach((input) => { if (!input.value && kept && kept[input.name]) input.value = kept[input.name]; });
  history.replaceState(Object.fromEntries(own.map((input) => [input.name, input.value])), '', answer.dataset.address);
}

// A second click on a form that is being sent does nothing.
document.querySelectorAll('form[method="post"]').forEach((form) => form.addEventListener('submit', (event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = 'yes';
}));
addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach((form) => { delete form.dataset.sent; }));

// A file dropped anywhere on its field is chosen, and the field shows that it would take it.
document.querySelectorAll('.drop').forEach((zone) => {
  const input = zone.querySelector('input[type=file]');
  ['dragenter', 'dragover'].forEach((name) => zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add('over'); }));
  ['dragleave', 'drop'].forEach((name) => zone.addEventListener(name, () => zone.classList.remove('over')));
  zone.addEventListener('drop', (event) => {
    if (event.target === input || !event.dataTransfer.files.length) return;
    event.preventDefault();
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event('change'));
  });
});

// A file above the limit is named before it is sent.
document.querySelectorAll('input[data-most]').forEach((input) => input.addEventListener('change', () => {
  const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.most));
  input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : '');
  input.reportValidity();
}));
