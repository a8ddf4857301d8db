// Single keys, listed by "?": never while somebody types, never with a modifier, and they can be switched off.
(function () {
  var WITHIN = 1500; // ms between "g" and the letter of a page
  var FIELDS = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], [role=textbox]";
  var CHOICES = ["light", "dark", "system"];
  var dialog = document.getElementById("shortcuts");
  var box = document.getElementById("shortcuts-on");
  var going = 0;
  if (!dialog) return;

  function isOn() {
    return !/(?:^|; )shortcuts=off/.test(document.cookie);
  }

  function isSeen(element) {
    return Boolean(element && element.getClientRects().length);
  }

  function press(mark) {
    var found = Array.prototype.filter.call(document.querySelectorAll(mark), isSeen)[0];
    if (found) found.click();
  }

  // The filters are open, and their first choice has the focus.
  function filters() {
    var bar = document.querySelector("#frame-page .filters");
    if (!bar) return;
    if (bar.tagName === "DETAILS") bar.open = true;
    bar.scrollIntoView({ block: "nearest" });
    var first = Array.prototype.filter.call(
      bar.querySelectorAll("select, summary:not(.filters-head), input"),
      isSeen
    )[0];
    if (first) first.focus();
  }

  function search() {
    var field = Array.prototype.filter.call(document.querySelectorAll("[data-search]"), isSeen)[0];
    if (field && !field.matches("input")) field = field.querySelector("input") || field;
    if (field) field.focus();
    else filters();
  }

  function theme() {
    var now = CHOICES.indexOf(window.reachboardTheme.choice());
    window.reachboardTheme.choose(CHOICES[(now + 1) % CHOICES.length]);
  }

  var KEYS = {
    "?": show,
    "/": search,
    f: filters,
    r: press.bind(null, "[data-reset]"),
    c: press.bind(null, "[data-copy-link]"),
    p: press.bind(null, "[data-print]"),
    t: theme,
    "[": press.bind(null, "[data-previous]"),
    "]": press.bind(null, "[data-next]"),
  };

  function show() {
    box.checked = isOn();
    if (!dialog.open) dialog.showModal();
  }

  // A menu that is folded away has its links all the same.
  function leadTo(letter) {
    var link = document.querySelector('.links [data-go="' + letter + '"]');
    if (link) link.click();
    return Boolean(link);
  }

  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.repeat || event.ctrlKey || event.altKey || event.metaKey || !isOn()) return;
    if (document.querySelector("dialog[open]") || event.target.closest(FIELDS)) return;
    var second = Date.now() - going < WITHIN;
    going = 0;
    if (second && /^[a-z]$/.test(event.key) && leadTo(event.key)) return event.preventDefault();
    if (event.key === "g") {
      going = Date.now();
      return;
    }
    if (!Object.prototype.hasOwnProperty.call(KEYS, event.key)) return;
    event.preventDefault();
    KEYS[event.key]();
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-shortcuts]")) show();
    if (event.target === dialog) dialog.close();
  });

  box.addEventListener("change", function () {
    document.cookie = "shortcuts=" + (box.checked ? "on" : "off") + "; path=/; max-age=31536000; SameSite=Lax";
  });
})();
