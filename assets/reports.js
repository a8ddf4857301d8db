// The Reports page in the browser: what is to be done with the report that is shown, or with a schedule.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});
  var FIELDS = ["what", "period", "every", "hour", "to"];
  var SCHEDULES = ["schedule", "preview", "send", "pause", "resume", "unschedule"];

  function value(name) {
    var found = document.getElementById("reports-" + name);
    return found ? found.value : "";
  }

  function checked(within) {
    return Array.from(within.querySelectorAll("input:checked")).map(function (one) {
      return one.value;
    });
  }

  // What the form is narrowed to; the style hides the filters that the chosen report does not take.
  function filters() {
    var found = {};
    document.querySelectorAll("#schedule [data-filter]").forEach(function (field) {
      if (getComputedStyle(field).display !== "none") found[field.dataset.filter] = checked(field);
    });
    return found;
  }

  function asked(button) {
    var told = { at: Date.now(), do: button.dataset.reportDo };
    told.report = button.closest("[data-report]").dataset.report;
    told.text = value("comment");
    if (told.do !== "schedule") return told;
    FIELDS.forEach(function (name) {
      told[name] = value(name);
    });
    told.day = value(told.every === "monthly" ? "monthday" : "weekday");
    told.roles = checked(document.getElementById("reports-roles"));
    told.filters = filters();
    return told;
  }

  // The words beside a list of the form: "All", the one label, or how many.
  document.addEventListener("change", function (event) {
    var field = event.target.closest("#schedule [data-filter]");
    if (!field) return;
    var boxes = field.querySelectorAll("input:checked");
    var one = boxes.length === 1 ? boxes[0].parentElement.textContent.trim() : boxes.length + " selected";
    field.querySelector(".pick-words").textContent = boxes.length ? one : "All";
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-report-do]");
    if (!button || event.button !== 0) return;
    var plans = SCHEDULES.indexOf(button.dataset.reportDo) >= 0;
    dash.set_props(plans ? "reports-plan" : "reports-ask", { data: asked(button) });
    // What came of it takes the focus: its panel is drawn anew.
    document.getElementById(plans ? "reports-preview" : "reports-said").focus();
  });
})();
