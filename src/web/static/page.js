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

// What was understood so far shows while the text is typed; a later call takes the place of an earlier one.
const heard = document.querySelector('[data-heard]');
if (heard) {
  const box = document.getElementById('f-text');
  const list = heard.querySelector('ul');
  const labels = JSON.parse(heard.dataset.heard);
  let timer = 0;
  let call = null;
  let asked = '';
  const chipOf = ([label, text]) => {
    const chip = document.createElement('li');
    chip.className = 'chip';
    chip.dataset.key = `${label}\n${text}`;
    [['chip-label', label], ['chip-value', text]].forEach(([name, words]) => {
      const part = document.createElement('span');
      part.className = name;
      part.textContent = words;
      chip.append(part);
    });
    return chip;
  };
  const show = (spans) => {
    const wanted = new Map();
    spans.filter((span) => labels[span.field]).forEach((span) => wanted.set(`${labels[span.field]}\n${span.text}`, [labels[span.field], span.text]));
    [...list.children].filter((chip) => !wanted.has(chip.dataset.key)).forEach((chip) => chip.remove());
    // Chips that stay are not touched, so that only new ones are read out.
    [...wanted].forEach(([key, words], at) => {
      if (![...list.children].some((chip) => chip.dataset.key === key)) list.insertBefore(chipOf(words), list.children[at] || null);
    });
    heard.classList.toggle('some', wanted.size > 0);
  };
  const ask = async () => {
    const text = box.value.trim();
    if (text === asked) return;
    asked = text;
    if (call) call.abort();
    if (text.length < 4) { show([]); return; }
    call = new AbortController();
    try {
      const reply = await fetch('/api/v1/read', {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text: text.slice(0, 20000) }), signal: call.signal,
      });
      if (reply.ok) show((await reply.json()).spans);
    } catch (error) {
      // Replaced by a later call, or no network: the button reads the text.
    }
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(ask, 400); };
  box.addEventListener('input', (event) => { if (!event.isComposing) soon(); });
  box.addEventListener('compositionend', soon);
}

// Suggestions while a search is typed; without a script the results page has them in a line.
const searched = document.querySelector('input[data-suggest]');
if (searched) {
  const list = document.getElementById(searched.getAttribute('list'));
  let timer = 0;
  let call = null;
  const suggest = async () => {
    if (call) call.abort();
    call = new AbortController();
    try {
      const reply = await fetch(`${searched.dataset.suggest}?q=${encodeURIComponent(searched.value)}`, { signal: call.signal });
      if (reply.ok) list.replaceChildren(...(await reply.json()).map((it) => Object.assign(document.createElement('option'), { value: it.text, label: it.hint || it.text })));
    } catch (error) {
      // Replaced by a later call, or no network: the button searches.
    }
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(suggest, 200); };
  searched.addEventListener('input', (event) => { if (!event.isComposing) soon(); });
  searched.addEventListener('compositionend', soon);
}

// The shortlist is remembered in this tab; without a script it is in the address.
const MOST_COMPARED = 6;
const remembered = () => { try { return JSON.parse(sessionStorage.getItem('shortlist')) || []; } catch (error) { return []; } };
const remember = (ids) => { try { sessionStorage.setItem('shortlist', JSON.stringify(ids)); } catch (error) { /* The address has it. */ } };
const compareBar = document.getElementById('compare-bar');
if (compareBar) {
  const form = compareBar.form;
  const said = document.getElementById('compare-said');
  const plain = compareBar.textContent;
  const carried = [...form.querySelectorAll('input[name=ids]')].map((input) => input.value);
  let ids = [...new Set([...carried, ...remembered()])].slice(0, MOST_COMPARED);
  const draw = () => {
    form.querySelectorAll('input[name=ids]').forEach((input) => input.remove());
    ids.forEach((id) => form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'ids', value: id })));
    form.querySelectorAll('.to-compare').forEach((button) => button.setAttribute('aria-pressed', ids.includes(button.value)));
    compareBar.textContent = ids.length ? compareBar.dataset.words.replace('{n}', ids.length) : plain;
    remember(ids);
  };
  form.addEventListener('click', (event) => {
    const button = event.target.closest('.to-compare');
    if (!button) return;
    event.preventDefault();
    const isIn = ids.includes(button.value);
    said.textContent = !isIn && ids.length >= MOST_COMPARED ? compareBar.dataset.full : '';
    if (isIn) ids = ids.filter((id) => id !== button.value);
    else if (ids.length < MOST_COMPARED) ids.push(button.value);
    draw();
  });
  draw();
}
if (document.querySelector('table.compare')) remember([...document.querySelectorAll('#need input[name=ids]')].map((input) => input.value));
document.querySelectorAll('aside a[href*="/compare?ids="]').forEach((link) => link.addEventListener('click', () => {
  const address = new URL(link.href);
  const own = address.searchParams.get('ids');
  remembered().filter((id) => id !== own).slice(0, MOST_COMPARED - 1).forEach((id) => address.searchParams.append('ids', id));
  link.href = address;
}));

// A card and its points on the map are marked together.
document.querySelectorAll('.match[id^="m-"]').forEach((card) => {
  const dots = () => document.querySelectorAll(`[data-card="${card.id.slice(2)}"]`);
  const mark = (isOn) => dots().forEach((dot) => dot.classList.toggle('on', isOn));
  [['mouseenter', true], ['mouseleave', false], ['focusin', true], ['focusout', false]].forEach(([name, isOn]) => card.addEventListener(name, () => mark(isOn)));
});

// What is blank stays out of an address.
document.querySelectorAll('form').forEach((form) => form.addEventListener('submit', (event) => {
  if (event.submitter && event.submitter.getAttribute('formmethod') === 'get') [...form.elements].filter((input) => input.name && !input.value).forEach((input) => { input.disabled = true; input.dataset.blank = 'yes'; });
}));
addEventListener('pageshow', () => document.querySelectorAll('[data-blank]').forEach((input) => { input.disabled = false; delete input.dataset.blank; }));
