// The few things the views need of the DOM. Text only ever goes in as text.

/** The one element of `root` that is marked `data-part="name"`. */
export function part(root: ParentNode, name: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(`[data-part="${name}"]`);
  if (found === null) throw new Error(`the page has no part ${name}`);
  return found;
}

export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function setHidden(element: HTMLElement, hidden: boolean): void {
  if (element.hidden !== hidden) element.hidden = hidden;
}

export function setMark(element: HTMLElement, name: string, value: string): void {
  if (element.dataset[name] !== value) element.dataset[name] = value;
}

export function setDisabled(element: HTMLElement, disabled: boolean): void {
  if (element instanceof HTMLButtonElement) element.disabled = disabled;
}

export function create<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  element.append(...children);
  return element;
}

/** One of the icons drawn in index.html. */
export function icon(name: string): SVGSVGElement {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  const use = document.createElementNS(namespace, "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** Makes the children of `list` those of `items`, in order, keeping the elements already there. */
export function keyed<T>(
  list: Element,
  items: readonly T[],
  keyOf: (item: T) => string,
  make: (item: T) => HTMLElement,
): void {
  const present = new Map<string | null, Element>();
  for (const child of list.children) present.set(child.getAttribute("data-key"), child);
  let next = list.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    const found = present.get(key);
    present.delete(key);
    if (found !== undefined && found === next) {
      next = next.nextElementSibling;
      continue;
    }
    const element = found ?? make(item);
    element.setAttribute("data-key", key);
    list.insertBefore(element, next);
  }
  for (const stale of present.values()) stale.remove();
}
