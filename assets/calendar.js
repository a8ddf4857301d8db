// The calendar in the browser: the days of sends below its bars, and what is asked of its notes.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});

  var DAY = 86400000;
  var form = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

  // `data-sent="3-5 11-12"`: days of the calendar, counted from its first, on which messages went out.
  function draw(link) {
    var chart = link.closest(".cal");
    var first = Date.parse(chart.dataset.first);
    var line = document.createElement("span");
    line.className = "cal-sends";
    line.setAttribute("aria-hidden", "true"); // the words beside the bar say it
    link.dataset.sent.split(" ").forEach(function (run) {
      var ends = run.split("-").map(Number);
      var days = ends.map(function (day) {
        return form.format(first + day * DAY);
      });
      var mark = document.createElement("i");
      mark.style.setProperty("--left", (100 * ends[0]) / chart.dataset.days + "%");
      mark.style.setProperty("--wide", (100 * (ends[1] + 1 - ends[0])) / chart.dataset.days + "%");
      mark.title = "Sent " + (ends[0] === ends[1] ? days[0] : days[0] + " to " + days[1]);
      line.append(mark);
    });
    return line;
  }

  // A row may have been drawn anew for another campaign or other months: its marks follow.
  function follow(row) {
    var link = row.querySelector("a");
    var chart = row.closest(".cal").dataset;
    var wanted = link.dataset.sent ? [chart.first, chart.days, link.dataset.sent].join(" ") : "";
    var known = row.querySelector(".cal-sends");
    if ((known ? known.dataset.of : "") === wanted) return;
    if (known) known.remove();
    if (!wanted) return;
    var line = draw(link);
    line.dataset.of = wanted;
    row.append(line);
  }

  var led = ""; // the address that led to the notes already

  // A link of a chart leads to the form, once the bars above it are there.
  function lead() {
    if (window.location.hash !== "#calendar-notes") {
      led = "";
      return;
    }
    var add = document.querySelector("#calendar-notes .note-add");
    if (!add || !document.querySelector(".cal") || led === window.location.href) return;
    led = window.location.href;
    add.open = true;
    window.setTimeout(function () {
      add.scrollIntoView({ block: "center" });
      document.getElementById("calendar-text").focus({ preventScroll: true });
    }, 0);
  }

  new MutationObserver(function () {
    document.querySelectorAll(".cal li").forEach(follow);
    lead();
  }).observe(document.body, { childList: true, subtree: true });

  function ask(data) {
    dash.set_props("calendar-ask", { data: Object.assign({ at: Date.now() }, data) });
    keepFocus();
  }

  // The notes are drawn anew; the focus goes to the way back, or to what was done.
  function keepFocus() {
    var place = document.getElementById("calendar-notes");
    var watch = new MutationObserver(function () {
      watch.disconnect();
      window.setTimeout(function () {
        var next = place.querySelector(".cal-said button") || place.querySelector(".note-add summary");
        if (next) next.focus();
      }, 0);
    });
    watch.observe(place, { childList: true, subtree: true });
    window.setTimeout(watch.disconnect.bind(watch), 4000);
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-calendar-ask]");
    if (button) ask(JSON.parse(button.dataset.calendarAsk));
  });

  document.addEventListener("submit", function (event) {
    var form = event.target.closest("[data-calendar-form]");
    if (!form) return;
    event.preventDefault();
    ask({
      do: "add",
      day: document.getElementById("calendar-day").value,
      text: document.getElementById("calendar-text").value,
      campaign: document.getElementById("calendar-of").value,
    });
  });
})();
