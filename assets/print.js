// A sheet of paper: light whatever the theme, charts drawn anew at the sheet's width, and what its signs mean.
(function () {
  var TALLEST = 320; // px of a chart on paper
  var root = document.documentElement;
  var onPaper = null; // what the screen looked like, while it is paper

  function toPaper() {
    if (onPaper) return;
    onPaper = { scheme: root.dataset.bsTheme, charts: [] };
    root.classList.add("is-paper");
    root.dataset.bsTheme = "light";
    explain();
    identify();
    var colours = JSON.parse(document.querySelector('meta[name="reachboard-paper"]').content);
    document.querySelectorAll(".js-plotly-plot").forEach(function (chart) {
      if (!chart.getClientRects().length || !window.Plotly) return;
      onPaper.charts.push({ chart: chart, data: chart.data, layout: chart.layout });
      window.Plotly.react(chart, inLight(chart.data, colours), sized(chart, inLight(chart.layout, colours)));
    });
  }

  function toScreen() {
    if (!onPaper) return;
    var before = onPaper;
    onPaper = null;
    root.classList.remove("is-paper");
    root.dataset.bsTheme = before.scheme;
    before.charts.forEach(function (one) {
      if (one.chart.isConnected) window.Plotly.react(one.chart, one.data, one.layout);
    });
  }

  // The same figure with every colour of the dark scheme replaced by its light twin.
  function inLight(part, colours) {
    return JSON.parse(JSON.stringify(part), function (_name, value) {
      return (typeof value === "string" && colours[value.toLowerCase()]) || value;
    });
  }

  window.reachboardPaper = { inLight: inLight }; // pictures of charts are paper, too

  function sized(chart, layout) {
    layout.autosize = false;
    layout.width = chart.parentElement.clientWidth;
    layout.height = Math.min(TALLEST, chart.parentElement.clientHeight || TALLEST);
    return layout;
  }

  // Of the notes at the foot, those whose sign stands on this page.
  function explain() {
    var page = document.getElementById("frame-page");
    var text = page ? page.textContent : "";
    document.querySelectorAll(".signs [data-sign], .signs [data-word]").forEach(function (note) {
      var sign = note.dataset.sign && page && page.querySelector(note.dataset.sign);
      note.hidden = !sign && !(note.dataset.word && text.indexOf(note.dataset.word) >= 0);
    });
  }

  // The ID under which the server keeps what is printed. Nothing may be waited for while paper is laid out, so
  // that it is asked at once; a print without one is still a print.
  function identify() {
    var place = document.getElementById("print-id");
    if (!place) return;
    place.textContent = "";
    var request = new XMLHttpRequest();
    try {
      request.open("POST", "/reports/prints", false);
      request.setRequestHeader("Content-Type", "application/json");
      request.send(JSON.stringify({ path: location.pathname, search: location.search }));
      if (request.status !== 200) return;
      place.textContent = "Report " + JSON.parse(request.responseText).id + ": reopens on the page Reports";
    } catch (failure) {
      // the server is away
    }
  }

  window.addEventListener("beforeprint", toPaper);
  window.addEventListener("afterprint", toScreen);
  window.matchMedia("print").addEventListener("change", function (media) {
    if (media.matches) toPaper();
    else toScreen();
  });
})();
