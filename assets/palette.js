// The search over everything: Ctrl+K or Cmd+K opens it, arrows move, Enter goes, Escape leaves.
(function () {
  var WAIT = 90; // ms after a letter before it is asked
  var dialog = document.getElementById("palette");
  var input = document.getElementById("palette-input");
  var list = document.getElementById("palette-list");
  var none = document.getElementById("palette-none");
  var found = [];
  var at = 0;
  var asked = 0;
  var waiting = 0;
  if (!dialog) return;

  function theme(choice) {
    return function () {
      window.reachboardTheme.choose(choice);
    };
  }

  function press(mark) {
    return function () {
      var button = document.querySelector(mark);
      if (button) button.click();
    };
  }

  var ACTIONS = [
    ["Light theme", theme("light")],
    ["Dark theme", theme("dark")],
    ["Theme as the system", theme("system")],
    ["Print this page", window.print.bind(window)],
    ["Copy the link to this view", press("#frame-page [data-copy-link]")],
    ["Keyboard shortcuts", press("[data-shortcuts]")],
    ["Sign out", press('form[action="/sign-out"] button')],
  ];

  function actions(words) {
    if (!words.length) return [];
    return ACTIONS.filter(function (one) {
      return words.every(function (word) {
        return one[0].toLowerCase().split(" ").some(function (part) { return part.indexOf(word) === 0; }); // prettier-ignore
      });
    }).map(function (one) {
      return { kind: "Action", name: one[0], more: "", act: one[1] };
    });
  }

  function ask() {
    var typed = input.value;
    var number = ++asked;
    window
      .fetch("/palette.json?q=" + encodeURIComponent(typed), { headers: { Accept: "application/json" } })
      .then(function (answer) {
        return answer.ok ? answer.json() : [];
      })
      .catch(function () {
        return null;
      })
      .then(function (rows) {
        if (number !== asked || !dialog.open) return;
        var words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
        found = (rows || [])
          .map(function (row) {
            return { kind: row[0], name: row[1], more: row[2], href: row[3] };
          })
          .concat(actions(words));
        at = 0;
        draw(rows === null);
      });
  }

  function span(words, css) {
    var made = document.createElement("span");
    made.className = css;
    made.textContent = words;
    return made;
  }

  function draw(failed) {
    list.replaceChildren.apply(
      list,
      found.map(function (one, place) {
        var row = document.createElement("li");
        row.id = "palette-" + place;
        row.setAttribute("role", "option");
        row.append(span(one.name, "palette-name"), span(one.more, "palette-more"), span(one.kind, "palette-kind"));
        row.addEventListener("click", function () {
          go(place);
        });
        return row;
      })
    );
    input.setAttribute("aria-expanded", String(found.length > 0));
    var nothing = failed ? "The search does not answer now." : "Nothing fits. Try a word of its name.";
    none.textContent = found.length ? "" : nothing;
    mark();
  }

  function mark() {
    Array.prototype.forEach.call(list.children, function (row, place) {
      row.setAttribute("aria-selected", String(place === at));
      if (place === at) row.scrollIntoView({ block: "nearest" });
    });
    if (found.length) input.setAttribute("aria-activedescendant", "palette-" + at);
    else input.removeAttribute("aria-activedescendant");
  }

  function go(place) {
    var one = found[place];
    if (!one) return;
    dialog.close();
    if (one.act) one.act();
    else if (document.querySelector(".frame")) window.reachboardFrame.go(one.href);
    else window.location.assign(one.href);
  }

  function show() {
    if (document.querySelector("dialog[open]")) return;
    input.value = "";
    found = [];
    list.replaceChildren();
    none.textContent = "";
    dialog.showModal();
    input.focus();
    ask();
  }

  var MOVES = {
    ArrowDown: function () {
      return at + 1;
    },
    ArrowUp: function () {
      return at - 1 + found.length;
    },
    PageDown: function () {
      return found.length - 1;
    },
    PageUp: function () {
      return 0;
    },
  };

  input.addEventListener("keydown", function (event) {
    if (MOVES[event.key] && found.length) {
      at = MOVES[event.key]() % found.length;
      mark();
      event.preventDefault();
    } else if (event.key === "Enter") {
      event.preventDefault();
      go(at);
    } else if (event.key === "Tab") event.preventDefault();
  });

  input.addEventListener("input", function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(ask, WAIT);
  });

  dialog.addEventListener("click", function (event) {
    if (event.target === dialog) dialog.close();
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-palette]")) show();
  });

  document.addEventListener("keydown", function (event) {
    var wanted = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k";
    if (!wanted) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else show();
  });
})();
