// The code that a QR brings in the address goes into the form and out of the address; nothing is kept.
(() => {
  "use strict";
  const code = document.getElementById("code"), name = document.getElementById("name");
  const brought = decodeURIComponent(location.hash.slice(1)).slice(0, 32);
  if (brought && /^[0-9A-Za-z -]+$/.test(brought)) {
    if (!code.value) code.value = brought;
    history.replaceState(null, "", location.pathname + location.search);
    name.focus();
  }
  const other = document.getElementById("other");
  other.addEventListener("click", () => { if (code.value) other.href += "#" + encodeURIComponent(code.value); });
  const button = document.querySelector("button");
  document.querySelector("form").addEventListener("submit", () => { button.disabled = true; });
  window.addEventListener("pageshow", () => { button.disabled = false; }); // back from the next page
})();
