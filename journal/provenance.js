// Says of each computed number where it comes from: to the mouse that rests on it, to a finger that
// taps it and, once the reader asks for it with the one button made here, to the keyboard. Until
// then the numbers stay plain text, for screen readers too. Reads the receipts in the page.
(() => {
  "use strict";
  const NUMBER = ".value[data-key]";
  const GROUP = "table, figcaption, p, li, h2, h3, h4"; // each has one tab stop
  const SHOW_AFTER_MS = 200;
  const HIDE_AFTER_MS = 400; // long enough to move the pointer from the number to the panel
  const MARGIN_PX = 8;
  const GAP_PX = 5;

  const root = document.documentElement;
  const here = document.currentScript;
  const panel = make("div", { id: "provenance", role: "tooltip", hidden: "" });
  let receipts; // id to receipt, read when first asked for
  let cut = "";
  let asked = null; // the number whose panel is open
  let isPinned = false;
  let timer = 0;

  function make(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  function receiptOf(number) {
    if (!receipts) {
      const block = document.getElementById("receipts");
      if (!block) return undefined; // the page is still being read
      const [header, ...lines] = JSON.parse(block.textContent);
      cut = header.data;
      receipts = new Map(lines.map((line) => [line.id, line]));
    }
    return receipts.get(number.dataset.key);
  }

  /** The number at or around a node, if there is a receipt for it. */
  function numberAt(node) {
    const number = node instanceof Element ? node.closest(NUMBER) : null;
    return number && receiptOf(number) && !number.closest("a") ? number : null;
  }

  // What the panel says

  function rowsOf(number) {
    const receipt = receiptOf(number);
    const words = (text) => text.replace(/\s+/g, " ").trim();
    const rows = [];
    if (words(number.textContent) !== words(receipt.text)) {
      rows.push(["Caution", `the page was changed; the receipt says ${receipt.text}`]);
    }
    const asPrinted = `${receipt.text}; as printed, further digits are withheld`;
    rows.push(["Value", "value" in receipt ? receipt.value : asPrinted]);
    if (receipt.unit) rows.push(["Unit", receipt.unit]);
    if ("n" in receipt) rows.push(["n", String(receipt.n)], ["Missing", String(receipt.n_missing)]);
    rows.push(["Method", receipt.method], ["Function", make("code", {}, receipt.function)]);
    rows.push(["Data", cut], ["Receipt", make("code", {}, receipt.id)]);
    const sentence = number.closest(".claim[data-key]");
    const claim = sentence && receiptOf(sentence);
    if (claim) rows.push(["Claim", `this sentence: ${claim.state}`]);
    return rows;
  }

  function fill(number) {
    const list = make("dl", {});
    for (const [term, what] of rowsOf(number)) {
      list.append(make("div", {}, make("dt", {}, term), " ", make("dd", {}, what), " "));
    }
    panel.replaceChildren(make("p", {}, `${receiptOf(number).label} `), list);
  }

  function place() {
    if (!asked) return;
    const at = asked.getBoundingClientRect(); // of all its lines
    const { offsetWidth: width, offsetHeight: height } = panel;
    const room = root.clientHeight - at.bottom - GAP_PX;
    const isBelow = room >= height || at.top - GAP_PX < height;
    const rightmost = root.clientWidth - width - MARGIN_PX;
    const left = Math.max(MARGIN_PX, Math.min(at.left, rightmost));
    panel.style.left = `${left + scrollX}px`;
    panel.style.top = `${(isBelow ? at.bottom + GAP_PX : at.top - GAP_PX - height) + scrollY}px`;
  }

  function show(number) {
    clearTimeout(timer);
    if (asked !== number) hide();
    asked = number;
    number.classList.add("asked");
    if (isMarked()) number.setAttribute("aria-describedby", panel.id);
    fill(number);
    if (!panel.isConnected) (document.querySelector("main") || document.body).append(panel);
    panel.hidden = false;
    place();
  }

  function hide() {
    clearTimeout(timer);
    panel.hidden = true;
    asked?.classList.remove("asked");
    asked?.removeAttribute("aria-describedby");
    asked = null;
    isPinned = false;
  }

  function pin(number) {
    if (number === asked && isPinned) return hide();
    show(number);
    isPinned = true;
  }

  // Pointers: a mouse shows by resting, any pointer pins by a click

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch" || isPinned) return;
    clearTimeout(timer);
    const number = numberAt(event.target);
    if (number && number !== asked) timer = setTimeout(show, SHOW_AFTER_MS, number);
    else if (!number && !panel.contains(event.target)) hideSoon();
  });
  root.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch" && !isPinned) hideSoon();
  });

  function hideSoon() {
    clearTimeout(timer);
    if (asked && asked !== document.activeElement) timer = setTimeout(hide, HIDE_AFTER_MS);
  }

  document.addEventListener("click", (event) => {
    const number = numberAt(event.target);
    if (number && getSelection().isCollapsed) pin(number);
  });
  // A finger that scrolls ends in pointercancel and leaves the panel open.
  document.addEventListener("pointerup", (event) => {
    if (asked && !numberAt(event.target) && !panel.contains(event.target)) hide();
  });
  addEventListener("resize", place);
  document.addEventListener("scroll", (event) => event.target !== document && place(), true);

  // The keyboard: one tab stop a paragraph or table, arrow keys from number to number

  const numbers = () => [...document.querySelectorAll(NUMBER)].filter(numberAt);
  const isMarked = () => root.classList.contains("numbers-marked");

  function mark() {
    const seen = new Set();
    for (const number of numbers()) {
      const group = number.closest(GROUP);
      number.setAttribute("role", "button");
      number.tabIndex = seen.has(group) ? -1 : 0;
      seen.add(group);
    }
  }

  function unmark() {
    hide();
    for (const number of numbers()) {
      number.removeAttribute("role");
      number.removeAttribute("tabindex");
    }
  }

  function focus(number) {
    const group = number.closest(GROUP);
    for (const other of numbers()) if (other.closest(GROUP) === group) other.tabIndex = -1;
    number.tabIndex = 0;
    number.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && asked) return hide();
    if (!isMarked() || event.ctrlKey || event.altKey || event.metaKey) return;
    const number = numberAt(event.target);
    if (!number) return;
    const all = numbers();
    const i = all.indexOf(number);
    const keys = {
      ArrowRight: () => focus(all[Math.min(i + 1, all.length - 1)]),
      ArrowLeft: () => focus(all[Math.max(i - 1, 0)]),
      Home: () => focus(all[0]),
      End: () => focus(all[all.length - 1]),
      Enter: () => pin(number),
      " ": () => pin(number),
    };
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
  document.addEventListener("focusin", (event) => {
    const number = numberAt(event.target);
    if (number && isMarked()) show(number);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target === asked && !panel.matches(":hover")) hide();
  });

  // The button, in the place where this script stands

  const button = make("button", { type: "button", "aria-pressed": "false" });
  button.append("Show where the numbers come from");
  button.addEventListener("click", () => {
    const isOn = root.classList.toggle("numbers-marked");
    button.setAttribute("aria-pressed", String(isOn));
    (isOn ? mark : unmark)();
  });
  const hint =
    "Point at a number or tap it. The button marks the computed numbers and opens them to the " +
    "keyboard: Tab, then the left and right arrow keys; Escape closes.";
  here.before(make("p", { class: "provenance-bar" }, button, " ", make("small", {}, hint)));
  root.classList.add("numbers-tell");
})();
