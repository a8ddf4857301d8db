// The Privacy page in the browser: a raise is looked at in a dialog before it is made.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});

  function dialog() {
    return document.getElementById("privacy-dialog");
  }

  function value(name) {
    return document.getElementById("privacy-" + name).value;
  }

  function ask(what) {
    dash.set_props("privacy-ask", {
      data: {
        at: Date.now(),
        do: what,
        threshold: Number(value("threshold")),
        profile: value("profile"),
        reason: value("reason"),
      },
    });
  }

  document.addEventListener("submit", function (event) {
    if (!("releaseForm" in event.target.dataset)) return;
    event.preventDefault();
    ask("review");
  });

  document.addEventListener("click", function (event) {
    var found = event.target.closest("[data-release-raise], [data-release-cancel]");
    if (!found || event.button !== 0) return;
    if ("releaseRaise" in found.dataset) ask("raise");
    else dialog().close();
  });

  dash.privacy = {
    // Open where there is something to look at, on the button that changes nothing.
    show: function (children) {
      window.setTimeout(function () {
        var sheet = dialog();
        if (!sheet) return;
        if (!children || !children.length) {
          var was = sheet.open;
          sheet.close();
          // What came of it takes the focus: the form is drawn anew.
          if (was) document.getElementById("privacy-said").focus();
          return;
        }
        if (!sheet.open) sheet.showModal();
        sheet.querySelector("[data-release-cancel]").focus();
      }, 0);
      return dash.no_update;
    },
  };
})();
