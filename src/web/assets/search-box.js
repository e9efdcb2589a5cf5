/* global document, fetch, location, setTimeout, clearTimeout, AbortController */
// Suggestions below the one box: the editable combobox with a list of the ARIA Authoring Practices Guide. The form works
// without it. Enter sends what was typed unless an arrow key has chosen a suggestion, so that a scanner, which types and
// presses Enter at once, is never held up.
const PAUSE = 150;
const SHORTEST = 2;

for (const input of document.querySelectorAll('[data-search-box]')) attach(input);

function attach(input) {
  const list = document.createElement('ul');
  list.id = `${input.id}-suggestions`;
  list.className = 'untether-suggestions';
  list.hidden = true;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Suggestions');
  const status = document.createElement('div');
  status.className = 'govuk-visually-hidden';
  status.setAttribute('role', 'status');
  input.after(list, status);
  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-controls', list.id);
  input.setAttribute('aria-expanded', 'false');

  let chosen = -1;
  let timer;
  let asking;

  const options = () => [...list.children];

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    choose(-1);
    status.textContent = '';
  }

  function choose(place) {
    chosen = place;
    options().forEach((option, at) => option.setAttribute('aria-selected', String(at === place)));
    const option = options()[place];
    if (option) {
      input.setAttribute('aria-activedescendant', option.id);
      option.scrollIntoView({ block: 'nearest' });
    } else input.removeAttribute('aria-activedescendant');
  }

  function show(items) {
    list.replaceChildren(...items.map(optionOf));
    choose(-1);
    list.hidden = items.length === 0;
    input.setAttribute('aria-expanded', String(items.length > 0));
    status.textContent =
      items.length === 0
        ? 'No suggestions. Press Enter to search.'
        : `${items.length} ${items.length === 1 ? 'suggestion' : 'suggestions'}. Up and down arrows choose one, Enter goes to it.`;
  }

  function optionOf({ kind, href, title, note }, place) {
    const option = document.createElement('li');
    option.id = `${list.id}-${place}`;
    option.className = 'untether-suggestion';
    option.setAttribute('role', 'option');
    option.dataset.href = href;
    const name = document.createElement('bdi');
    name.textContent = title;
    const details = document.createElement('span');
    details.className = 'untether-suggestion__note';
    details.append(`${kind}, `);
    const text = document.createElement('bdi');
    text.textContent = note;
    details.append(text);
    option.append(name, ' ', details);
    return option;
  }

  async function ask() {
    const typed = input.value.trim();
    asking?.abort();
    if (typed.length < SHORTEST) return close();
    const mine = (asking = new AbortController());
    try {
      const answer = await fetch(`/search/suggestions?q=${encodeURIComponent(typed)}`, {
        headers: { accept: 'application/json' },
        signal: mine.signal,
      });
      const { items } = answer.ok ? await answer.json() : { items: null };
      // What came too late belongs to another text.
      if (mine.signal.aborted || document.activeElement !== input) return;
      if (items) show(items);
      else close();
    } catch {
      if (!mine.signal.aborted) close();
    }
  }

  input.addEventListener('input', (event) => {
    clearTimeout(timer);
    asking?.abort();
    if (!event.isComposing) timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    const count = options().length;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden) {
        ask();
        return;
      }
      // One place before the first is the box itself.
      const step = event.key === 'ArrowDown' ? 1 : -1;
      choose(((chosen + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === 'Enter' && chosen >= 0) {
      event.preventDefault();
      location.assign(options()[chosen].dataset.href);
    } else if (event.key === 'Enter') {
      close();
    } else if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  input.addEventListener('blur', close);
  // The box keeps the focus, or the list would close before the click.
  list.addEventListener('mousedown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const option = event.target.closest('[role=option]');
    if (option) location.assign(option.dataset.href);
  });
}
