// The Reports page in the browser: what is to be done with the report that is shown, or with a schedule.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});
  var FIELDS = ["what", "period", "program", "every", "day", "hour", "to"];
  var SCHEDULES = ["schedule", "preview", "send", "pause", "resume", "unschedule"];

  function value(name) {
    var found = document.getElementById("reports-" + name);
    return found ? found.value : "";
  }

  function asked(button) {
    var told = { at: Date.now(), do: button.dataset.reportDo };
    told.report = button.closest("[data-report]").dataset.report;
    told.text = value("comment");
    if (told.do !== "schedule") return told;
    FIELDS.forEach(function (name) {
      told[name] = value(name);
    });
    told.roles = Array.from(document.querySelectorAll("#reports-roles input:checked")).map(function (one) {
      return one.value;
    });
    return told;
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-report-do]");
    if (!button || event.button !== 0) return;
    var plans = SCHEDULES.indexOf(button.dataset.reportDo) >= 0;
    dash.set_props(plans ? "reports-plan" : "reports-ask", { data: asked(button) });
    // What came of it takes the focus: its panel is drawn anew.
    document.getElementById(plans ? "reports-preview" : "reports-said").focus();
  });
})();
