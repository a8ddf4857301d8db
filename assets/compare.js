// Compare in the browser: what is chosen, in the order of choosing, becomes the address.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});
  var MOST = 4;
  var DEFAULTS = { window: "equal", channel: "-", metric: "members_delivered" };

  function split(text) {
    return (text || "").split(",").filter(Boolean).map(function (value) {
      return value.replace(/%2C/g, ",").replace(/%25/g, "%");
    });
  }

  function joined(values) {
    return values
      .map(function (value) {
        return value.replace(/%/g, "%25").replace(/,/g, "%2C");
      })
      .join(",");
  }

  function words(count) {
    return count ? count + " of " + MOST : "Choose campaigns";
  }

  // A button that was pressed is drawn anew or gone: the list stands in for it.
  function keepFocus() {
    var head = document.querySelector(".compare-controls summary");
    if (head) head.focus();
  }

  function pressed(by) {
    return by && typeof by === "object" && dash.callback_context.triggered[0].value ? by : null;
  }

  dash.compare = {
    choose: function (picked, span, channel, metric, _removed, _added, before) {
      var stay = dash.no_update;
      var by = dash.callback_context.triggered_id;
      if (by && typeof by === "object" && !pressed(by)) return [stay, stay, stay, stay];
      picked = picked || [];
      before = before || {};
      var told = split(before.campaign);
      var chosen = told.filter(function (one) {
        return picked.indexOf(one) >= 0;
      });
      picked.forEach(function (one) {
        if (chosen.indexOf(one) < 0) chosen.push(one);
      });
      if (pressed(by)) {
        chosen = chosen.filter(function (one) {
          return one !== by.campaign;
        });
        if (by.type === "compare-add") chosen.push(by.campaign);
        keepFocus();
      }
      var full = chosen.length > MOST;
      chosen = chosen.slice(0, MOST);
      var query = Object.assign({}, before);
      delete query.campaign;
      if (chosen.length) query.campaign = joined(chosen);
      Object.keys(DEFAULTS).forEach(function (name) {
        var value = { window: span, channel: channel, metric: metric }[name];
        delete query[name];
        if (value && value !== DEFAULTS[name]) query[name] = value;
      });
      var changed = ["campaign", "window", "channel", "metric"].some(function (name) {
        return query[name] !== before[name];
      });
      var note = full ? "Four campaigns at most: remove one first." : "";
      var same = chosen.length === picked.length && chosen.every(function (one) {
        return picked.indexOf(one) >= 0;
      });
      return [changed ? query : stay, same ? stay : chosen, words(chosen.length), note];
    },
  };

  // What is typed above a list narrows it; what is ticked stays.
  document.addEventListener("input", function (event) {
    var around = event.target.closest("[data-narrow]");
    var list = around && document.getElementById(around.dataset.narrow);
    if (!list) return;
    var wanted = event.target.value.trim().toLowerCase();
    list.querySelectorAll(".form-check").forEach(function (row) {
      var ticked = row.querySelector("input").checked;
      row.hidden = Boolean(wanted) && !ticked && row.textContent.toLowerCase().indexOf(wanted) < 0;
    });
  });
})();
