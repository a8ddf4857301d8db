// The Data page in the browser: what is chosen becomes the address, and commands and fingerprints are copied.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});
  var LISTS = ["loads", "reasons", "left", "waiting"];

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
      if (by && typeof by === "object") {
        if (!dash.callback_context.triggered[0].value) return dash.no_update;
        view[by.of] = by.to;
        keepFocus(by.of);
      } else {
        if (view.source === (source || "") && view.campaign === (campaign || "")) return dash.no_update;
        if (view.source !== (source || "")) {
          LISTS.forEach(function (name) {
            delete view[name];
          });
        }
        view.source = source || "";
        view.campaign = campaign || "";
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

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    var told = button && button.previousElementSibling;
    if (!told) return;
    navigator.clipboard.writeText(told.title || told.textContent).then(function () {
      var words = button.firstElementChild;
      var before = "Copy";
      words.textContent = "Copied";
      window.setTimeout(function () {
        words.textContent = before;
      }, 2000);
    });
  });
})();
