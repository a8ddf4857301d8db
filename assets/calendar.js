// The calendar in the browser: what is asked of its notes.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});

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
