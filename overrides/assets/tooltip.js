// Shows what a term or a citation points at, where it stands. Without this script both are ordinary links.
// Opens on hover, keyboard focus and the first tap (the second follows the link); the pointer may enter it;
// Escape, a tap elsewhere or moving away closes it (WCAG 1.4.13).
(() => {
  const OPENERS = "a.term[aria-describedby], a.citation";
  const DELAY = 150; // ms: long enough to pass over a word, and to reach the tooltip
  const GAP = 6; // px between the word and the tooltip, and to the edge of the window

  const tooltip = document.createElement("div");
  tooltip.id = "guide-tooltip";
  tooltip.className = "guide-tooltip md-typeset";
  tooltip.setAttribute("role", "tooltip");
  tooltip.setAttribute("popover", "manual");
  tooltip.hidden = true;

  let opener = null;
  let waiting = 0;
  let touching = false;

  const openerAt = (event) => (event.target instanceof Element ? event.target.closest(OPENERS) : null);

  const paragraph = (...content) => {
    const element = document.createElement("p");
    element.append(...content);
    return element;
  };

  function contentOf(link) {
    if (link.classList.contains("term")) {
      const definition = document.getElementById(link.getAttribute("aria-describedby"));
      if (!definition) return null;
      const entry = document.createElement("a");
      entry.href = link.href;
      entry.textContent = "Open the glossary entry";
      return [paragraph(definition.textContent), paragraph(entry)];
    }
    const reference = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!reference) return null;
    const copy = reference.cloneNode(true);
    copy.querySelectorAll(".backref").forEach((back) => back.remove());
    return [paragraph(...copy.childNodes)];
  }

  // In page coordinates, so that it scrolls with its word; below the word, or above where there is no room.
  function place(link) {
    const word = link.getClientRects()[0];
    tooltip.style.maxHeight = "";
    const roomAbove = word.top - 2 * GAP;
    const roomBelow = window.innerHeight - word.bottom - 2 * GAP;
    const isBelow = tooltip.offsetHeight <= roomBelow || roomBelow >= roomAbove;
    tooltip.style.maxHeight = `min(60vh, ${isBelow ? roomBelow : roomAbove}px)`;
    const { width, height } = tooltip.getBoundingClientRect();
    const edge = document.documentElement.clientWidth - width - GAP;
    const top = isBelow ? word.bottom + GAP : word.top - height - GAP;
    tooltip.style.left = `${Math.max(GAP, Math.min(word.left, edge)) + window.scrollX}px`;
    tooltip.style.top = `${top + window.scrollY}px`;
  }

  function open(link) {
    clearTimeout(waiting);
    if (link === opener) return;
    const content = contentOf(link);
    if (!content) return;
    opener = link;
    tooltip.replaceChildren(...content);
    if (!tooltip.isConnected) (document.querySelector("main") ?? document.body).append(tooltip);
    tooltip.hidden = false;
    if (tooltip.showPopover && !tooltip.matches(":popover-open")) tooltip.showPopover();
    place(link);
  }

  function close() {
    clearTimeout(waiting);
    if (!opener) return;
    opener = null;
    if (tooltip.hidePopover) tooltip.hidePopover();
    tooltip.hidden = true;
  }

  const after = (action) => {
    clearTimeout(waiting);
    waiting = setTimeout(action, DELAY);
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const link = openerAt(event);
    if (link) after(() => open(link));
    else if (tooltip.contains(event.target)) clearTimeout(waiting);
  });

  document.addEventListener("pointerout", (event) => {
    if (event.pointerType !== "mouse") return;
    const isLeaving = openerAt(event) || tooltip.contains(event.target);
    if (isLeaving && !tooltip.contains(event.relatedTarget)) after(close);
  });

  document.addEventListener("pointerdown", (event) => {
    touching = event.pointerType !== "mouse";
    if (!openerAt(event) && !tooltip.contains(event.target)) close();
  });

  document.addEventListener("focusin", (event) => {
    const link = openerAt(event);
    if (touching) return;
    if (link && link.matches(":focus-visible")) open(link);
    else if (!tooltip.contains(event.target)) close();
  });

  document.addEventListener("click", (event) => {
    const link = openerAt(event);
    if (link && touching && link !== opener) {
      event.preventDefault();
      open(link);
    } else if (link) {
      close();
    }
    touching = false;
  });

  document.addEventListener("keydown", (event) => {
    touching = false;
    if (event.key === "Escape") close();
  });

  addEventListener("resize", close);
})();
