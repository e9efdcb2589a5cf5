import type { Page } from 'playwright-core';

/** What went wrong on a walk through a page with the Tab key; descriptions of elements. */
export interface KeyboardWalk {
  /** Can be used with a mouse and was not reached. */
  readonly unreached: readonly string[];
  /** Reached before something that stands before it. */
  readonly outOfOrder: readonly string[];
  /** Reached without being marked or without being on the screen. */
  readonly unseen: readonly string[];
  /** Whether the walk never came to the end of the page. */
  readonly trapped: boolean;
}

interface Step {
  readonly name: string;
  readonly seen: boolean;
}

/** Presses Tab so many times. The presses are handed to the browser together, which saves a way there and back for each. */
async function pressTab(page: Page, times: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const tab = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 } as const;
  const presses = Array.from({ length: times }, () => [
    session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...tab }),
    session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...tab }),
  ]);
  await Promise.all(presses.flat());
  await session.detach();
}

/** Presses Tab from the top of the page to its end and compares the stops with everything that can be used. */
export async function walkByKeyboard(page: Page): Promise<KeyboardWalk> {
  const expected = await page.evaluate(() => {
    const names = new Map<Element, string>();
    const nameOf = (element: Element): string => {
      const known = names.get(element);
      if (known) return known;
      const text = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replace(/\s+/g, ' ');
      const name = `${names.size + 1} ${element.localName}#${element.id} ${text.slice(0, 40)}`;
      names.set(element, name);
      return name;
    };
    const usable = 'a[href], button, input:not([type="hidden"]), select, textarea, summary, [tabindex]';
    const groups = new Set<string>();
    const stops = [...document.querySelectorAll<HTMLElement>(usable)].filter((element) => {
      if (element.tabIndex < 0 || element.matches(':disabled') || !element.checkVisibility()) return false;
      if (!(element instanceof HTMLInputElement) || element.type !== 'radio') return true;
      // Tab stops once at a group of radios: at the chosen one, or at the first.
      const group = [...document.querySelectorAll<HTMLInputElement>(`input[name="${CSS.escape(element.name)}"]`)];
      const stop = group.find(({ checked }) => checked) ?? group[0];
      if (groups.has(element.name) || element !== stop) return false;
      groups.add(element.name);
      return true;
    });
    const isMarked = (element: HTMLElement): boolean => {
      const label = element.matches('.govuk-radios__input, .govuk-checkboxes__input')
        ? element.nextElementSibling
        : null;
      const styles = label ? getComputedStyle(label, '::before') : getComputedStyle(element);
      const hasOutline =
        styles.outlineStyle !== 'none' &&
        Number.parseFloat(styles.outlineWidth) > 0 &&
        !/rgba\(\d+, \d+, \d+, 0\)|transparent/.test(styles.outlineColor);
      return hasOutline || styles.boxShadow !== 'none';
    };
    const isOnScreen = (element: HTMLElement): boolean => {
      const { top, left, bottom, right } = element.getBoundingClientRect();
      return bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
    };
    const walked: Step[] = [];
    (globalThis as unknown as { walked: Step[] }).walked = walked;
    document.addEventListener('focusin', ({ target }) => {
      const element = target as HTMLElement;
      walked.push({ name: nameOf(element), seen: isMarked(element) && isOnScreen(element) });
    });
    const expectedNames = stops.map(nameOf);
    (document.activeElement as HTMLElement | null)?.blur();
    window.scrollTo(0, 0);
    return expectedNames;
  });
  await pressTab(page, expected.length);
  const walked = await page.evaluate(() => [...(globalThis as unknown as { walked: Step[] }).walked]);
  await pressTab(page, 1);
  const after = await page.evaluate(() => (globalThis as unknown as { walked: Step[] }).walked.length);

  const reached = walked.map(({ name }) => name);
  return {
    unreached: expected.filter((name) => !reached.includes(name)),
    outOfOrder: reached.filter((name, at) => expected.includes(name) && expected[at] !== name).slice(0, 3),
    unseen: walked.filter(({ seen }) => !seen).map(({ name }) => name),
    trapped: after > expected.length + 1,
  };
}
