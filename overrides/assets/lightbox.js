// Makes the enlarged picture what it looks like: a named dialog, with the page behind it out of reach.
(() => {
  const isLightbox = (node) => node.id === "glightbox-body";

  function cover(dialog) {
    dialog.setAttribute("aria-label", "Enlarged picture");
    dialog.setAttribute("aria-modal", "true");
    [...document.body.children].filter((child) => child !== dialog).forEach((child) => (child.inert = true));
  }

  const uncover = () => [...document.body.children].forEach((child) => (child.inert = false));

  new MutationObserver((changes) => {
    for (const { addedNodes, removedNodes } of changes) {
      [...addedNodes].filter(isLightbox).forEach(cover);
      if ([...removedNodes].some(isLightbox)) uncover();
    }
  }).observe(document.body, { childList: true });
})();
