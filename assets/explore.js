// Explore in the browser: what is chosen becomes the address; headings sort, and arrows turn the table's pages.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});
  var MOST = 8;
  var NAMES = ["metrics", "by", "shape", "of", "sort", "page"];

  function split(text) {
    return (text || "").split(",").filter(Boolean);
  }

  function now() {
    return Object.fromEntries(new URLSearchParams(window.location.search));
  }

  // What is drawn anew has the focus again.
  function keepFocus(mark, value) {
    var place = document.getElementById("explore-table");
    var watch = new MutationObserver(function () {
      var again = place.querySelector("[" + mark + '="' + value + '"]');
      if (again && document.activeElement !== again) again.focus();
    });
    watch.observe(place, { childList: true, subtree: true });
    window.setTimeout(watch.disconnect.bind(watch), 3000);
  }

  function put(query, more) {
    Object.keys(more).forEach(function (name) {
      if (more[name]) query[name] = more[name];
      else delete query[name];
    });
    return query;
  }

  function labels() {
    var found = {};
    document.querySelectorAll("#explore-metrics input").forEach(function (box) {
      found[box.value] = box.parentElement.textContent.trim();
    });
    return found;
  }

  function words(metrics, named) {
    if (!metrics.length) return "Choose figures";
    return metrics.length === 1 ? named[metrics[0]] : metrics.length + " selected";
  }

  dash.explore = {
    choose: function (first, second, third, shape, of, ticked, before) {
      var stay = dash.no_update;
      before = before || {};
      ticked = ticked || [];
      var metrics = split(before.metrics).filter(function (one) {
        return ticked.indexOf(one) >= 0;
      });
      ticked.forEach(function (one) {
        if (metrics.indexOf(one) < 0) metrics.push(one);
      });
      var full = metrics.length > MOST;
      metrics = metrics.slice(0, MOST);
      var by = [first, second, third].filter(function (one, place, all) {
        return one && one !== "-" && all.indexOf(one) === place;
      });
      var named = labels();
      var charted = metrics.indexOf(of) >= 0 ? of : metrics[0];
      var options = metrics.map(function (name) {
        return { value: name, label: named[name] };
      });
      var query = put(Object.assign({}, before), {
        metrics: metrics.join(","),
        by: by.join(","),
        shape: shape === "best" ? "" : shape,
        of: charted === metrics[0] ? "" : charted,
        page: "",
      });
      if (query.sort && query.sort !== "label" && metrics.indexOf(query.sort.replace("-", "")) < 0) delete query.sort;
      var changed = NAMES.some(function (name) {
        return (query[name] || "") !== (before[name] || "");
      });
      var note = full ? "Eight figures at most: take one away first." : "";
      return [changed ? query : stay, words(metrics, named), note, options, charted === of ? stay : charted];
    },
  };

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-explore]");
    if (!button) return;
    dash.set_props("filters-query", { data: put(now(), JSON.parse(button.dataset.explore)) });
    if (button.dataset.sorts) keepFocus("data-sorts", button.dataset.sorts);
    else keepFocus("data-turns", button.dataset.turns);
  });
})();
