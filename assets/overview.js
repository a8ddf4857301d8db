// The Overview in the browser: how its table is sorted, and a page that fills itself at the first publish.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});
  var WORDS = ["name", "program"];

  // The table is drawn anew; who works by keyboard stays where they were.
  function keepFocus(by) {
    var table = document.getElementById("overview-campaigns");
    var watch = new MutationObserver(function () {
      var again = document.getElementById(JSON.stringify(by, Object.keys(by).sort()));
      if (again && document.activeElement !== again) again.focus();
    });
    watch.observe(table, { childList: true, subtree: true });
    window.setTimeout(watch.disconnect.bind(watch), 3000);
  }

  dash.overview = {
    sort: function (_heads, _turns, now) {
      var by = dash.callback_context.triggered_id;
      if (!by || !dash.callback_context.triggered[0].value) return dash.no_update;
      keepFocus(by);
      if (by.type === "overview-turn") return { by: now.by, page: by.to };
      var first = WORDS.indexOf(by.by) < 0 ? "-" + by.by : by.by;
      var other = first === by.by ? "-" + by.by : by.by;
      return { by: now.by === first ? other : first, page: 0 };
    },

    keep: function (sort, query) {
      var found = Object.assign({}, query);
      delete found.sort;
      if (sort && sort.by !== "-sent") found.sort = sort.by;
      return found.sort === (query || {}).sort ? dash.no_update : found;
    },

    // The first publish fills an empty page.
    fill: function (snapshot) {
      if (snapshot) window.location.reload();
      return dash.no_update;
    },
  };
})();
