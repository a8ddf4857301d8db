// The Reports page in the browser: what is to be done with the report that is shown.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-report-do]");
    if (!button || event.button !== 0) return;
    var comment = document.getElementById("reports-comment");
    dash.set_props("reports-ask", {
      data: {
        at: Date.now(),
        do: button.dataset.reportDo,
        report: button.closest("[data-report]").dataset.report,
        text: comment ? comment.value : "",
      },
    });
    // The panel is drawn anew: what came of it takes the focus.
    document.getElementById("reports-said").focus();
  });
})();
