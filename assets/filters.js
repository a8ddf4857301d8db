// The filter bar in the browser: its choices become the address, and the address is what every panel asks.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});
  var PICKS = ["campaign", "program", "line_of_business", "channel"];
  var LISTS = ["filter-campaign", "filter-program", "filter-line", "filter-channel", "filter-region", "filter-values"];
  var DEFAULTS = { period: "last_6_months", compare: "previous" };
  var ONE_STEP = 1500; // changes that follow each other this fast (ms) are one step of the history
  var narrow = window.matchMedia("(width < 768px)");
  var pushed = 0;
  var beside = {}; // parameters that one panel alone asks by: part of the address, not of every question

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

  // What the bar does not offer stays as it came: a page's own parameters, and what a page fixes.
  function kept(before) {
    var found = {};
    Object.keys(before).forEach(function (name) {
      var place = PICKS.indexOf(name);
      var fixed = place >= 0 && isHidden(LISTS[place]);
      var offered = place >= 0 || /^(period|from|to|compare|attr\..*)$/.test(name);
      if (fixed || !offered) found[name] = before[name];
    });
    return found;
  }

  function isHidden(id) {
    var field = document.getElementById(id);
    return Boolean(field && field.closest("details.pick[hidden]"));
  }

  // The period that this page takes where its address names none.
  function usual() {
    var bar = document.getElementById("filters");
    return (bar && bar.dataset.usual) || DEFAULTS.period;
  }

  function search(query) {
    var all = Object.assign({}, query, beside);
    Object.keys(all).forEach(function (name) {
      if (!all[name]) delete all[name];
    });
    var text = new URLSearchParams(all).toString();
    return text ? "?" + text : "";
  }

  // A choice is a step that Back undoes; choices in quick succession are one step.
  function write(text) {
    if (text === search(Object.fromEntries(new URLSearchParams(window.location.search)))) return;
    var way = Date.now() - pushed < ONE_STEP ? "replaceState" : "pushState";
    window.history[way]({}, "", window.location.pathname + text);
    window.reachboardFrame.here();
    pushed = Date.now();
  }

  dash.filters = {
    pick: function (period, from, to, compare, campaign, program, line, channel, region, values, attribute, before) {
      before = before || {};
      var query = kept(before);
      if (period === "custom") {
        if (from && to) {
          query.from = from;
          query.to = to;
        }
      } else if (period && period !== usual()) query.period = period;
      if (compare && compare !== DEFAULTS.compare) query.compare = compare;
      var picked = [campaign, program, line, channel, region, values].map(function (one) {
        return one || [];
      });
      PICKS.forEach(function (name, place) {
        if (picked[place].length && !isHidden(LISTS[place])) query[name] = joined(picked[place]);
      });
      if (picked[4].length) query["attr.region"] = joined(picked[4]);
      if (attribute && picked[5].length) query["attr." + attribute] = joined(picked[5]);
      var count = picked.filter(function (one) {
        return one.length;
      }).length;
      var shown = picked.map(function (one, place) {
        return words(LISTS[place], one);
      });
      if (attribute && picked[5].length) {
        var select = document.getElementById("filter-attribute");
        shown[5] = select.options[select.selectedIndex].text + ": " + shown[5];
      }
      var told = same(query, before) ? dash.no_update : query;
      return [told, period !== "custom", count ? String(count) : ""].concat(shown);
    },

    attribute: function (name, choices) {
      return [(choices && choices[name]) || [], []];
    },

    address: function (query) {
      asked = query;
      write(search(query));
      return window.location.search;
    },

    // A panel's own choice: it stands in the address and is kept there when filters change.
    beside: function (name, value) {
      var query = Object.fromEntries(new URLSearchParams(window.location.search));
      delete query[name];
      beside[name] = value || ""; // taken out, also where the page was opened with it
      if (value) query[name] = value;
      var text = new URLSearchParams(query).toString();
      window.history.replaceState(window.history.state, "", window.location.pathname + (text ? "?" + text : ""));
      window.reachboardFrame.here();
    },

    // On a phone the filters start folded away; until then its style does not show them, so that nothing jumps.
    fold: function () {
      window.setTimeout(function () {
        var bar = document.getElementById("filters");
        if (bar) bar.setAttribute("data-ready", "");
      }, 100);
      return !narrow.matches;
    },
  };

  ["popstate", "_dashprivate_pushstate"].forEach(function (name) {
    window.addEventListener(name, function () {
      beside = {};
    });
  });

  // Whoever moved starts a step of their own.
  document.addEventListener("reachboard:moved", function () {
    pushed = 0;
  });
})();
