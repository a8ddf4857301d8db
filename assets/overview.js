// The Overview in the browser: the shape of its table, its own choices in the address, and its first filling.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});
  var WORDS = ["name", "program"];
  var SORTED = "-verdict";
  var HIDDEN = ["delivered", "cost", "message_click_rate", "outcome_rate", "conversion_rate"];
  var narrow = window.matchMedia("(width < 768px)");

  // The table is drawn anew; who works by keyboard stays where they were.
  function keepFocus(by) {
    var place = document.getElementById("overview-campaigns");
    var watch = new MutationObserver(function () {
      var again = document.getElementById(JSON.stringify(by, Object.keys(by).sort()));
      if (again && document.activeElement !== again) again.focus();
    });
    watch.observe(place, { childList: true, subtree: true });
    window.setTimeout(watch.disconnect.bind(watch), 3000);
  }

  function changed(now, more) {
    return Object.assign({}, now, { page: 0 }, more);
  }

  function put(values) {
    Object.keys(values).forEach(function (name) {
      dash.filters.beside(name, values[name]);
    });
  }

  narrow.addEventListener("change", function () {
    if (document.getElementById("overview-campaigns")) shape().then(set);
  });

  function set(found) {
    dash.set_props("overview-shape", { data: found });
  }

  function shape(address) {
    if (address) shape.address = address;
    if (narrow.matches) return Promise.resolve("plain");
    return window.reachboardGrid.load(shape.address).then(
      function () {
        return "grid";
      },
      function () {
        return "plain";
      }
    );
  }

  dash.overview = {
    // A phone gets cards, and a browser that cannot fetch the grid a plain table.
    shape: shape,

    sort: function (_heads, _turns, search, now) {
      var by = dash.callback_context.triggered_id;
      if (by === "overview-search") {
        return (search || "") === (now.q || "") ? dash.no_update : changed(now, { q: search || "" });
      }
      if (!by || !dash.callback_context.triggered[0].value) return dash.no_update;
      keepFocus(by);
      if (by.type === "overview-turn") return Object.assign({}, now, { page: by.to });
      var first = WORDS.indexOf(by.by) < 0 ? "-" + by.by : by.by;
      var other = first === by.by ? "-" + by.by : by.by;
      return changed(now, { sort: (now.sort || SORTED) === first ? other : first });
    },

    // A click on a heading of the grid says which order is wanted; the rows come in it.
    order: function (columns, now) {
      var by = (columns || []).filter(function (one) {
        return one.sort;
      })[0];
      if (!by) return dash.no_update;
      var sort = (by.sort === "desc" ? "-" : "") + by.colId;
      return sort === (now.sort || SORTED) ? dash.no_update : changed(now, { sort: sort });
    },

    // A phone's cards have no headings to click.
    choose: function (sort, now) {
      return !sort || sort === (now.sort || SORTED) ? dash.no_update : changed(now, { sort: sort });
    },

    columns: function (shown, pinned) {
      var grid = window.reachboardGrid.api("overview-grid");
      if (!grid) return dash.no_update;
      var names = grid.getColumns().map(function (column) {
        return column.getColId();
      });
      var own = names.filter(function (name) {
        return name !== "name" && name.indexOf("ag-Grid") !== 0;
      });
      grid.applyColumnState({
        state: own.map(function (name) {
          return { colId: name, hide: shown.indexOf(name) < 0, pinned: pinned.indexOf(name) < 0 ? null : "left" };
        }),
      });
      var usual = own.filter(function (name) {
        return HIDDEN.indexOf(name) < 0;
      });
      var same = usual.length === shown.length && usual.every(function (name) {
        return shown.indexOf(name) >= 0;
      });
      put({ cols: same ? "" : ["name"].concat(shown).join(","), pin: pinned.join(",") });
      return dash.no_update;
    },

    choices: function (view, by, of, small) {
      var told = dash.callback_context.triggered.map(function (one) {
        return one.prop_id.split(".")[0];
      });
      var found = {};
      if (told.indexOf("overview-view") >= 0) {
        found.sort = view.sort === SORTED ? "" : view.sort || "";
        found.q = view.q || "";
      }
      if (told.indexOf("overview-heat-by") >= 0) found.heat = by;
      if (told.indexOf("overview-heat-of") >= 0) found.of = of;
      if (told.indexOf("overview-small-by") >= 0) found.small = small === "channel" ? "" : small;
      put(found);
      return dash.no_update;
    },

    explained: function (of, by) {
      if (of) put({ explain: of, cut: by });
      return dash.no_update;
    },

    compare: function (rows, words) {
      var ids = (rows || []).map(function (row) {
        return row.id.replace(/%/g, "%25").replace(/,/g, "%2C");
      });
      var ready = ids.length > 1;
      var said = ready ? "Compare " + ids.length : ids.length ? "Choose one more to compare" : "Choose campaigns to compare";
      var label = Object.assign({}, words[1], { props: Object.assign({}, words[1].props, { children: said }) });
      return [
        "/compare?" + new URLSearchParams({ campaign: ids.join(",") }),
        "btn " + (ready ? "btn-primary" : "btn-quiet is-off") + " grid-compare",
        [words[0], label],
      ];
    },

    // The first publish fills an empty page.
    fill: function (snapshot) {
      if (snapshot) window.location.reload();
      return dash.no_update;
    },
  };
})();
