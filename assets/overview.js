// The Overview in the browser: its filters become the address, and the address is what every panel asks.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});
  var PICKS = ["campaign", "program", "line_of_business", "channel"];
  var DEFAULTS = { period: "last_6_months", compare: "previous", sort: "-sent" };
  var written = window.location.search;
  var WORDS = ["name", "program"];
  var narrow = window.matchMedia("(width < 768px)");

  function joined(values) {
    return values
      .map(function (value) {
        return value.replace(/%/g, "%25").replace(/,/g, "%2C");
      })
      .join(",");
  }

  // The words beside a list: "All", the one label, or how many.
  function words(id, values) {
    if (!values.length) return "All";
    if (values.length > 1) return values.length + " selected";
    var boxes = document.querySelectorAll("#" + id + " input");
    for (var i = 0; i < boxes.length; i++) {
      if (boxes[i].value === values[0]) return boxes[i].parentElement.textContent.trim();
    }
    return values[0];
  }

  function same(a, b) {
    return JSON.stringify(a, Object.keys(a).sort()) === JSON.stringify(b, Object.keys(b).sort());
  }

  // Parameters of other pages' filters (wave, variant, arm, outcome) stay as they came.
  function kept(before) {
    var found = {};
    ["wave", "variant", "arm", "outcome"].forEach(function (name) {
      if (before[name]) found[name] = before[name];
    });
    return found;
  }

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
    pick: function (period, from, to, compare, campaign, program, line, channel, values, attribute, before) {
      before = before || {};
      var query = kept(before);
      if (period === "custom") {
        if (from && to) {
          query.from = from;
          query.to = to;
        }
      } else if (period && period !== DEFAULTS.period) query.period = period;
      if (compare && compare !== DEFAULTS.compare) query.compare = compare;
      var picked = [campaign, program, line, channel];
      PICKS.forEach(function (name, place) {
        if (picked[place] && picked[place].length) query[name] = joined(picked[place]);
      });
      if (attribute && values && values.length) query["attr." + attribute] = joined(values);
      var count = picked.concat([values]).filter(function (one) {
        return one && one.length;
      }).length;
      var ids = ["filter-campaign", "filter-program", "filter-line", "filter-channel", "filter-values"];
      var shown = picked.concat([values]).map(function (one, place) {
        return words(ids[place], one || []);
      });
      if (attribute && values && values.length) {
        var select = document.getElementById("filter-attribute");
        shown[4] = select.options[select.selectedIndex].text + ": " + shown[4];
      }
      return [same(query, before) ? dash.no_update : query, period !== "custom", count ? String(count) : ""].concat(shown);
    },

    attribute: function (name, choices) {
      return [(choices && choices[name]) || [], []];
    },

    sort: function (_heads, _turns, now) {
      var by = dash.callback_context.triggered_id;
      if (!by || !dash.callback_context.triggered[0].value) return dash.no_update;
      keepFocus(by);
      if (by.type === "overview-turn") return { by: now.by, page: by.to };
      var first = WORDS.indexOf(by.by) < 0 ? "-" + by.by : by.by;
      var other = first === by.by ? "-" + by.by : by.by;
      return { by: now.by === first ? other : first, page: 0 };
    },

    address: function (query, sort) {
      var search = new URLSearchParams(query || {});
      search.delete("sort");
      if (sort && sort.by !== DEFAULTS.sort) search.set("sort", sort.by);
      var text = search.toString();
      written = text ? "?" + text : "";
      window.history.replaceState(window.history.state, "", window.location.pathname + written);
      return text;
    },

    copy: function (_clicks, children) {
      var said = [children[0], { type: "Span", namespace: "dash_html_components", props: { children: "Link copied" } }];
      return navigator.clipboard.writeText(window.location.href).then(
        function () {
          return said;
        },
        function () {
          return children;
        },
      );
    },

    // The first publish fills an empty page.
    fill: function (snapshot) {
      if (snapshot) window.location.reload();
      return dash.no_update;
    },

    // On a phone the filters start folded away.
    fold: function () {
      return !narrow.matches;
    },
  };

  // The address may go back to filters that this page was not laid out for.
  window.addEventListener("popstate", function () {
    var here = document.getElementById("overview-cards") && window.location.pathname === "/";
    if (here && window.location.search !== written) window.location.reload();
  });
})();
