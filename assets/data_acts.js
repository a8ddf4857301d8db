// The Data page in the browser: a traced figure becomes the address, totals are read from a file, acts are asked for.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});
  var MOST = 400000;
  var EVERY = "*";

  function field(name) {
    return document.getElementById("data-bring-" + name);
  }

  function address(values) {
    var query = new URLSearchParams(window.location.search);
    Object.keys(values).forEach(function (name) {
      if (values[name] && values[name] !== EVERY) query.set(name, values[name]);
      else query.delete(name);
    });
    var text = query.toString();
    var whole = window.location.pathname + (text ? "?" + text : "") + window.location.hash;
    window.history.replaceState(window.history.state, "", whole);
  }

  // Columns are sent only where they are those of the text that was looked at.
  var looked = null;

  function ask(what) {
    var text = field("text").value;
    var columns = Array.from(document.querySelectorAll(".totals-column"), function (one) {
      return one.value;
    });
    dash.set_props("data-bring-ask", {
      data: {
        at: Date.now(),
        do: what,
        text: text,
        name: field("name").value,
        from: field("from").value,
        to: field("to").value,
        columns: looked === text && columns.length ? columns : null,
      },
    });
    looked = text;
  }

  // A field keeps its value through React: it listens to input events of the element's own setter.
  function type(element, text) {
    var own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(element), "value");
    own.set.call(element, text);
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function take(file) {
    if (!file) return;
    if (file.size > 4 * MOST) {
      type(field("text"), "");
      field("text").placeholder = "That file is too large. Export totals by campaign, not rows by person.";
      return;
    }
    file.text().then(function (text) {
      type(field("text"), text.slice(0, MOST + 1));
      if (!field("name").value) type(field("name"), file.name.replace(/\.[^.]*$/, "").slice(0, 80));
      ask("look");
    });
  }

  function choose() {
    var picker = document.createElement("input");
    picker.type = "file";
    picker.accept = ".csv,.tsv,.txt,text/csv";
    picker.addEventListener("change", function () {
      take(picker.files[0]);
    });
    picker.click();
  }

  document.addEventListener("submit", function (event) {
    if (!("totalsForm" in event.target.dataset)) return;
    event.preventDefault();
    ask("look");
  });

  document.addEventListener("click", function (event) {
    var found = event.target.closest(
      "[data-totals-choose], [data-totals-look], [data-totals-keep], [data-totals-do], [data-replay-do], [data-undo-do]",
    );
    if (!found || event.button !== 0) return;
    var told = found.dataset;
    if ("totalsChoose" in told) choose();
    else if ("totalsLook" in told) ask("look");
    else if ("totalsKeep" in told) ask("keep");
    else if (told.totalsDo === "show") {
      address({ totals: told.totalsId });
      dash.set_props("data-brought", { data: { id: Number(told.totalsId), at: Date.now() } });
      document.getElementById("data-totals-panel").scrollIntoView({ block: "start" });
    } else if (told.totalsDo) {
      dash.set_props("data-totals-ask", {
        data: { at: Date.now(), do: told.totalsDo, id: Number(told.totalsId) },
      });
    } else if (told.undoDo) {
      dash.set_props("data-undo-ask", { data: { at: Date.now(), do: told.undoDo, id: told.undoId } });
    } else {
      dash.set_props("data-replay-ask", { data: { at: Date.now(), do: told.replayDo, id: told.replayId } });
    }
  });

  ["dragover", "drop"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var place = event.target.closest && event.target.closest("[data-totals-drop]");
      if (!place || !event.dataTransfer || !Array.from(event.dataTransfer.types).includes("Files")) return;
      event.preventDefault();
      if (name === "drop") take(event.dataTransfer.files[0]);
    });
  });

  dash.trace = {
    keep: function (of, campaign, channel, month, load) {
      var by = dash.callback_context.triggered_id;
      if (by === "data-of-load") address({ load: load });
      else address({ of: of, of_campaign: campaign, of_channel: channel, of_month: month });
      return dash.no_update;
    },
    // The other list of campaigns has an entry for all of them, too.
    campaigns: function (options) {
      return (options || []).slice(1);
    },
    volume: function (key) {
      address({ volume: key });
      return dash.no_update;
    },
  };

  dash.totals = {
    // What came of an act takes the focus: the buttons that were pressed are gone.
    said: function (children) {
      if (children && children.length) {
        window.setTimeout(function () {
          var said = document.getElementById("data-bring-said");
          if (said) said.focus({ preventScroll: true });
        }, 0);
      }
      return dash.no_update;
    },
  };
})();
