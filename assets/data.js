// The Data page in the browser: what is chosen becomes the address, and commands and fingerprints are copied.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});
  var LISTS = ["sources", "loads", "reasons", "left", "waiting", "bridge", "replays", "trace", "touched"];
  var EVERY = "*";

  // Pages count from 1 in an address, as people count.
  function write(view) {
    var query = new URLSearchParams(window.location.search);
    ["source", "campaign"].forEach(function (name) {
      if (view[name]) query.set(name, view[name]);
      else query.delete(name);
    });
    LISTS.forEach(function (name) {
      if (view[name]) query.set(name, String(view[name] + 1));
      else query.delete(name);
    });
    var text = query.toString();
    window.history.replaceState(window.history.state, "", window.location.pathname + (text ? "?" + text : ""));
  }

  // A list is drawn anew; who turns its pages by keyboard stays at the button, or at the one that is left.
  function keepFocus(of) {
    var panel = document.activeElement && document.activeElement.closest(".panel");
    if (!panel) return;
    var label = document.activeElement.getAttribute("aria-label");
    var watch = new MutationObserver(function () {
      var buttons = Array.from(panel.querySelectorAll(".turn")).filter(function (one) {
        return one.id.indexOf('"of":"' + of + '"') >= 0 && !one.disabled;
      });
      var same = buttons.filter(function (one) {
        return one.getAttribute("aria-label") === label;
      })[0];
      if (same || buttons[0]) (same || buttons[0]).focus();
    });
    watch.observe(panel, { childList: true, subtree: true });
    window.setTimeout(watch.disconnect.bind(watch), 3000);
  }

  dash.data = {
    choose: function (source, campaign, _turns, before) {
      var by = dash.callback_context.triggered_id;
      var view = Object.assign({}, before);
      var wanted = { source: source === EVERY ? "" : source || "", campaign: campaign === EVERY ? "" : campaign || "" };
      if (by && typeof by === "object") {
        if (!dash.callback_context.triggered[0].value) return dash.no_update;
        view[by.of] = by.to;
        keepFocus(by.of);
      } else {
        if (view.source === wanted.source && view.campaign === wanted.campaign) return dash.no_update;
        if (view.source !== wanted.source) {
          LISTS.slice(1).forEach(function (name) {
            delete view[name];
          });
        }
        Object.assign(view, wanted);
      }
      write(view);
      return view;
    },

    // The first publish fills an empty page.
    fill: function (snapshot) {
      if (snapshot) window.location.reload();
      return dash.no_update;
    },
  };

  // A mark is its own button and has the whole of it as title; a command stands before its button.
  document.addEventListener("click", function (event) {
    var button = event.target.closest(".mark, [data-copy]");
    if (!button) return;
    var before = button.textContent;
    var text = button.title || button.previousElementSibling.textContent;
    navigator.clipboard.writeText(text).then(function () {
      button.textContent = "Copied";
      window.setTimeout(function () {
        button.textContent = before;
      }, 1500);
    });
  });
})();
