// Keys for the desk. Every key presses a button or follows a link that is on the page; nothing here decides by itself.
"use strict";

(() => {
  const ARROWS = { ArrowDown: "j", ArrowUp: "k", o: "Enter" };
  const page = document.documentElement;

  const rows = () => [...document.querySelectorAll("[data-row]")];
  const isWriting = (element) => element.matches("input, textarea, select") || element.isContentEditable;

  function setBusy(busy) {
    if (busy) page.setAttribute("aria-busy", "true");
    else page.removeAttribute("aria-busy");
  }

  function currentRow() {
    return document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-at]") ?? rows()[0];
  }

  function mark(row) {
    if (!row) return;
    for (const other of rows()) other.toggleAttribute("data-at", other === row);
    row.querySelector("[data-open]").focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const all = rows();
    const at = all.indexOf(currentRow());
    mark(all[Math.min(Math.max(at + step, 0), all.length - 1)]);
  }

  function press(key) {
    const scope = "arl".includes(key) ? (currentRow() ?? document) : document;
    const target = scope.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!target) return false;
    if (isWriting(target)) target.focus();
    else target.click();
    return true;
  }

  function act(key) {
    if (key === "?") {
      document.getElementById("keys").showModal();
      return true;
    }
    if (rows().length && (key === "j" || key === "k")) {
      move(key === "j" ? 1 : -1);
      return true;
    }
    if (key === "Enter" && rows().length && document.activeElement === document.body) {
      currentRow().querySelector("[data-open]").click();
      return true;
    }
    return press(key);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isWriting(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    const key = ARROWS[event.key] ?? event.key;
    if (page.hasAttribute("aria-busy")) {
      // A second press before the next row is there would decide the same row again.
      event.preventDefault();
    } else if (act(key)) {
      event.preventDefault();
    }
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) for (const other of rows()) other.toggleAttribute("data-at", other === row);
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.parentElement.querySelector("[role=status]").textContent = "copied";
  });

  function arrive() {
    setBusy(false);
    if (document.querySelector("[data-at]")) mark(document.querySelector("[data-at]"));
  }

  document.addEventListener("htmx:before:request", () => setBusy(true));
  document.addEventListener("htmx:after:swap", arrive);
  document.addEventListener("htmx:error", () => setBusy(false));
  window.addEventListener("pageshow", arrive);
})();
