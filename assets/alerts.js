// The Alerts page in the browser: what is to be done with the alert that is shown.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});

  function value(name) {
    var found = document.getElementById("alerts-" + name);
    return found ? found.value : "";
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-alert-do]");
    if (!button || event.button !== 0) return;
    dash.set_props("alerts-ask", {
      data: {
        at: Date.now(),
        do: button.dataset.alertDo,
        alert: button.closest("[data-alert]").dataset.alert,
        days: Number(value("days")),
        text: value("comment"),
      },
    });
    // The panel is drawn anew: what came of it takes the focus.
    document.getElementById("alerts-said").focus();
  });
})();
