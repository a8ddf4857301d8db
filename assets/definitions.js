// Definitions in the browser: search over everything on the page, and the way to what an address points at.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});
  var TERMS = ".entry, .terms > div, .rules > li";
  var shown = "";

  function each(mark, todo) {
    document.querySelectorAll(".definitions " + mark).forEach(todo);
  }

  // Words in any order; each must stand somewhere in the text.
  function fits(text, wanted) {
    return wanted.every(function (word) {
      return text.indexOf(word) >= 0;
    });
  }

  function narrow(text) {
    var wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
    var found = 0;
    each(".definitions-part", function (part) {
      var there = 0;
      var all = part.querySelectorAll(TERMS);
      all.forEach(function (one) {
        one.hidden = !fits(one.textContent.toLowerCase(), wanted);
        if (!one.hidden) there += 1;
      });
      part.hidden = Boolean(all.length && !there);
      found += there;
    });
    return wanted.length ? found : null;
  }

  // Entries come after the page: what the address points at is looked for until it is there.
  function point() {
    var name = window.location.hash.slice(1);
    var named = name && document.getElementById(name);
    if (!named || shown === name) return;
    shown = name;
    window.setTimeout(function () {
      named.tabIndex = -1;
      named.scrollIntoView({ block: "start" });
      named.focus({ preventScroll: true });
    }, 60);
  }

  window.addEventListener("hashchange", function () {
    shown = "";
    point();
  });

  dash.definitions = {
    search: function (text) {
      var by = dash.callback_context.triggered_id;
      var typed = (text || "").trim();
      if (by === "definitions-search") dash.filters.beside("q", typed);
      else {
        shown = "";
        window.setTimeout(point, 0);
      }
      var found = narrow(typed);
      if (found === null) return "";
      return found === 1 ? "1 entry found" : found + " entries found" + (found ? "" : ": try a shorter word, or its first letters.");
    },
  };
})();
