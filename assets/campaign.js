// The Campaign page in the browser: panels further down wait, the record is edited in place, notes come and go.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});
  var shown = {}; // per group of the record: its values when the form was opened

  var fading = 0;

  function fade() {
    var said = document.getElementById("campaign-notes-said");
    if (!said) return;
    if (said.contains(document.activeElement)) fading = window.setTimeout(fade, 4000);
    else dash.set_props("campaign-notes-said", { children: [] });
  }

  function ask(store, data) {
    dash.set_props(store, { data: Object.assign({ at: Date.now() }, data) });
  }

  // Once the place is drawn anew, the focus goes to what is asked next.
  function then(place, after) {
    if (!place) return;
    var watch = new MutationObserver(function () {
      watch.disconnect();
      window.setTimeout(function () {
        after(place);
      }, 0);
    });
    watch.observe(place, { childList: true, subtree: true });
    window.setTimeout(watch.disconnect.bind(watch), 8000);
  }

  function group(name) {
    return document.getElementById("campaign-group-" + name);
  }

  function focus(element) {
    if (element) element.focus();
  }

  // The value of one field of a form, as plain text, a list, or rows.
  function valueOf(field) {
    var boxes = field.querySelectorAll("input[type=checkbox]");
    if (boxes.length) {
      return Array.prototype.filter
        .call(boxes, function (box) {
          return box.checked;
        })
        .map(function (box) {
          return box.value;
        });
    }
    var pairs = field.querySelectorAll("[data-pair]");
    if (pairs.length) {
      var costs = {};
      pairs.forEach(function (pair) {
        var text = pair.querySelector("input").value.trim();
        if (text) costs[pair.dataset.pair] = text;
      });
      return costs;
    }
    var rows = field.querySelectorAll("[data-row]");
    if (rows.length) {
      return Array.prototype.map.call(rows, rowOf).filter(function (row) {
        return Object.keys(row).length;
      });
    }
    return field.querySelector("input, textarea, select").value;
  }

  function rowOf(row) {
    var cells = {};
    row.querySelectorAll("[data-cell]").forEach(function (cell) {
      var text = cell.querySelector("input, textarea, select").value.trim();
      if (text) cells[cell.dataset.cell] = text;
    });
    return cells;
  }

  function valuesOf(form) {
    var found = {};
    form.querySelectorAll("[data-field]").forEach(function (field) {
      found[field.dataset.field] = valueOf(field);
    });
    return found;
  }

  // Only what was changed is sent: what somebody else wrote meanwhile stays.
  function changesOf(form) {
    var before = shown[form.dataset.recordForm] || {};
    var now = valuesOf(form);
    Object.keys(now).forEach(function (name) {
      if (JSON.stringify(now[name]) === JSON.stringify(before[name])) delete now[name];
    });
    return now;
  }

  // Who listens to the form hears each field's help, and what is wrong with it.
  function describe(form) {
    form.querySelectorAll("[data-field]").forEach(function (field) {
      var input = field.querySelector("input, textarea, select");
      var words = field.querySelectorAll(".field-help, .field-wrong");
      if (!input || field.querySelector("[role=group]")) return;
      input.setAttribute(
        "aria-describedby",
        Array.prototype.map
          .call(words, function (one) {
            return one.id;
          })
          .join(" ")
      );
      input.toggleAttribute("aria-invalid", false);
      if (field.classList.contains("is-wrong")) input.setAttribute("aria-invalid", "true");
    });
  }

  function open(name) {
    var place = group(name);
    then(place, function () {
      var form = place.querySelector("form");
      if (!form) return;
      shown[name] = valuesOf(form);
      describe(form);
      focus(form.querySelector("input, textarea, select"));
    });
    ask("campaign-record-ask", { do: "edit", group: name });
  }

  function close(name) {
    then(group(name), function (place) {
      focus(place.querySelector("[data-record-edit]"));
    });
    ask("campaign-record-ask", { do: "cancel", group: name });
  }

  function save(form) {
    var name = form.dataset.recordForm;
    then(group(name), function (place) {
      if (place.querySelector("form")) describe(place.querySelector("form"));
      focus(place.querySelector(".is-wrong input, .is-wrong textarea, .is-wrong select, [data-record-edit]"));
    });
    ask("campaign-record-ask", {
      do: "save",
      group: name,
      base: Number(form.dataset.base),
      values: changesOf(form),
    });
  }

  function another(button) {
    var rows = button.parentElement.querySelectorAll("[data-row]");
    var last = rows[rows.length - 1];
    var copy = last.cloneNode(true);
    copy.querySelectorAll("[id]").forEach(function (element) {
      var name = element.id + "x";
      var label = copy.querySelector('[for="' + element.id + '"]');
      if (label) label.htmlFor = name;
      element.id = name;
      element.value = "";
    });
    last.after(copy);
    focus(copy.querySelector("input"));
  }

  function addNote(form) {
    var whole = form.querySelector("input[type=checkbox]");
    ask("campaign-notes-ask", {
      do: "add",
      day: form.querySelector("input[type=date]").value,
      text: form.querySelector("input[type=text]").value,
      whole: Boolean(whole && whole.checked),
    });
  }

  document.addEventListener("click", function (event) {
    var found = event.target.closest("[data-record-edit], [data-record-cancel], [data-record-undo], [data-row-add], [data-note-remove], [data-note-undo]");
    if (!found || event.button !== 0) return;
    var data = found.dataset;
    if (data.recordEdit) open(data.recordEdit);
    if (data.recordCancel) close(data.recordCancel);
    if (data.recordUndo) ask("campaign-record-ask", { do: "undo", edit: Number(data.recordUndo) });
    if ("rowAdd" in data) another(found);
    if (data.noteRemove) ask("campaign-notes-ask", { do: "remove", id: Number(data.noteRemove) });
    if (data.noteUndo) ask("campaign-notes-ask", JSON.parse(data.noteUndo));
  });

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.recordForm) {
      event.preventDefault();
      save(form);
    } else if ("noteForm" in form.dataset) {
      event.preventDefault();
      addNote(form);
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var form = event.target.closest && event.target.closest("[data-record-form]");
    if (form) close(form.dataset.recordForm);
  });

  dash.campaign = {
    // The panels further down ask once the figures above are there.
    see: function (cards, before) {
      return cards && cards.length && !before ? 1 : dash.no_update;
    },
    // What was said of a note goes by itself, but not from under the keyboard.
    fade: function (said) {
      window.clearTimeout(fading);
      if (said && said.length) fading = window.setTimeout(fade, 12000);
      return dash.no_update;
    },
    by: function (value) {
      dash.filters.beside("cut", value);
      return dash.no_update;
    },
    find: function (value) {
      dash.filters.beside("find", value);
      return dash.no_update;
    },
  };
})();
