// Makes the enlarged picture what it looks like: a named dialog with a described picture, the page behind it out of
// reach, and the keyboard back at the figure when it closes.
(() => {
  let figure = null;

  const isLightbox = (node) => node.id === "glightbox-body";

  function cover(dialog) {
    dialog.setAttribute("aria-label", "Enlarged picture");
    dialog.setAttribute("aria-modal", "true");
    [...document.body.children].filter((child) => child !== dialog).forEach((child) => (child.inert = true));
  }

  function uncover() {
    [...document.body.children].forEach((child) => (child.inert = false));
    figure?.focus();
  }

  addEventListener("click", (event) => (figure = event.target.closest("a.glightbox") ?? figure), true);

  // The constant that the plugin's own script makes, on pages with figures only.
  if (typeof lightbox !== "undefined") {
    lightbox.on("slide_after_load", ({ slide }) => {
      slide.querySelector("img").alt = figure?.querySelector("img").alt ?? "";
    });
  }

  new MutationObserver((changes) => {
    for (const { addedNodes, removedNodes } of changes) {
      [...addedNodes].filter(isLightbox).forEach(cover);
      if ([...removedNodes].some(isLightbox)) uncover();
    }
  }).observe(document.body, { childList: true });
})();
