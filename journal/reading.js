// Follows the reader: marks in the contents the section on the screen, and shows what a citation, a
// reference to a figure or table, or the mark of a note leads to: while the mouse or the keyboard is
// on it, or when a finger taps it, and then with the link to follow. Without this script contents and
// references are plain links.
(() => {
  "use strict";
  const LINK = "a.quarto-xref, a[role=doc-biblioref], a[role=doc-noteref]";
  const SHOW_AFTER_MS = 200;
  const HIDE_AFTER_MS = 400; // long enough to move the pointer from the link to the panel
  const READING_LINE_PX = 120; // a heading above it, from the window's top, is that of the text read
  const MARGIN_PX = 8;
  const GAP_PX = 4;

  const root = document.documentElement;
  const main = document.querySelector("main");
  const targetOf = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)));

  // Contents

  const contents = document.querySelector(".contents");
  const entries = [...document.querySelectorAll(".contents a")].filter(targetOf);
  let current;

  function follow() {
    const isAtEnd = scrollY > 0 && root.clientHeight + scrollY >= root.scrollHeight - 2;
    const line = isAtEnd ? root.clientHeight : READING_LINE_PX;
    const now = entries.findLast((entry) => targetOf(entry).getBoundingClientRect().top <= line);
    if (now === current) return;
    current?.removeAttribute("aria-current");
    current = now;
    if (!now) return;
    now.setAttribute("aria-current", "location");
    if (contents.scrollHeight > contents.clientHeight) {
      contents.scrollTop = now.offsetTop - contents.offsetTop - contents.clientHeight / 2;
    }
  }

  let isDue = false;
  function followSoon() {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      follow();
    });
  }

  addEventListener("scroll", followSoon, { passive: true });

  // Figures and tables that are wider than the screen scroll, for the keyboard too

  function openToKeyboard() {
    for (const region of document.querySelectorAll(".quarto-float-fig > div")) {
      if (region.scrollWidth > region.clientWidth) {
        for (const [name, value] of [["tabindex", 0], ["role", "group"], ["aria-label", "Figure"]])
          region.setAttribute(name, value);
      } else for (const name of ["tabindex", "role", "aria-label"]) region.removeAttribute(name);
    }
  }

  addEventListener("resize", () => {
    followSoon();
    openToKeyboard();
    place();
  });

  // Previews

  const panel = document.createElement("div");
  panel.id = "preview";
  panel.hidden = true;
  let asked = null; // the link whose preview is open
  let isFinger = false; // what touched the page last
  let timer = 0;

  const linkAt = (node) => {
    const link = node instanceof Element ? node.closest(LINK) : null;
    return link && targetOf(link) ? link : null;
  };

  /** A copy of an element's words and images: no links, no names, no computed numbers to point at. */
  function copyOf(element) {
    const copy = element.cloneNode(true);
    for (const each of copy.querySelectorAll(".footnote-back")) each.remove();
    for (const each of copy.querySelectorAll("a, [data-key]")) each.replaceWith(...each.childNodes);
    for (const each of copy.querySelectorAll("[id]")) each.removeAttribute("id");
    return copy.childNodes;
  }

  function fill(link) {
    const target = targetOf(link);
    const caption = target.querySelector("figcaption");
    const image = caption && target.querySelector("img")?.cloneNode();
    const words = document.createElement("div");
    words.append(...copyOf(caption || target));
    panel.replaceChildren(...(image ? [image] : []), words);
  }

  function place() {
    if (!asked) return;
    const at = asked.getClientRects()[0];
    const { offsetWidth: width, offsetHeight: height } = panel;
    const room = root.clientHeight - at.bottom - GAP_PX;
    const isBelow = room >= height || room >= at.top || at.top + scrollY - GAP_PX < height;
    const left = Math.max(MARGIN_PX, Math.min(at.left, root.clientWidth - width - MARGIN_PX));
    panel.style.left = `${left + scrollX}px`;
    panel.style.top = `${(isBelow ? at.bottom + GAP_PX : at.top - GAP_PX - height) + scrollY}px`;
  }

  function show(link) {
    hide();
    asked = link;
    fill(link);
    panel.role = "tooltip";
    panel.removeAttribute("aria-label");
    link.setAttribute("aria-describedby", panel.id);
    if (!panel.isConnected) main.append(panel);
    panel.hidden = false;
    place();
  }

  /** What a finger opens has a link to follow, which takes the focus. */
  function offer(link) {
    show(link);
    const kind = { "doc-biblioref": "reference ", "doc-noteref": "note " }[link.role] || "";
    const way = document.createElement("a");
    way.href = link.hash;
    way.textContent = `Go to ${kind}${link.textContent.trim()}`;
    panel.append(way);
    panel.role = "dialog";
    panel.ariaLabel = "Preview";
    link.removeAttribute("aria-describedby");
    place();
    way.focus({ preventScroll: true });
  }

  function hide() {
    clearTimeout(timer);
    const link = asked;
    asked = null;
    link?.removeAttribute("aria-describedby");
    panel.hidden = true;
  }

  function leave() {
    if (panel.contains(document.activeElement)) asked.focus({ preventScroll: true });
    hide();
  }

  function hideSoon() {
    clearTimeout(timer);
    if (asked && !asked.matches(":focus-visible")) timer = setTimeout(hide, HIDE_AFTER_MS);
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const link = linkAt(event.target);
    if (!link && !panel.contains(event.target)) return hideSoon();
    clearTimeout(timer);
    if (link && link !== asked) timer = setTimeout(show, SHOW_AFTER_MS, link);
  });
  root.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && hideSoon());
  document.addEventListener("focusin", (event) => {
    const link = linkAt(event.target);
    if (link?.matches(":focus-visible")) show(link);
  });
  document.addEventListener("focusout", (event) => {
    const isOurs = (node) => node === asked || panel.contains(node);
    if (asked && isOurs(event.target) && !isOurs(event.relatedTarget)) hide();
  });
  document.addEventListener("pointerdown", (event) => {
    isFinger = event.pointerType === "touch";
    if (asked && !panel.contains(event.target) && linkAt(event.target) !== asked) hide();
  });
  document.addEventListener("click", (event) => {
    const link = linkAt(event.target);
    if (link && isFinger && link !== asked) {
      event.preventDefault();
      offer(link);
    } else if (event.target.closest("a")) hide();
  });
  document.addEventListener("keydown", (event) => {
    isFinger = false;
    if (event.key === "Escape") leave();
  });

  follow();
  openToKeyboard();
})();
