// Files in the browser: the menu of formats, a chart as a picture, and what the page Exports asks for.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});
  var SCALE = 2; // of a picture in pixels, so that it stays sharp on a slide
  var HEAD = 64; // px above the chart for its title
  var FORMATS = { xlsx: "Excel", parquet: "Parquet" };
  var PICTURES = { svg: "Picture (SVG)", png: "Picture (PNG)" };

  function ask(what) {
    what.at = String(Date.now());
    dash.set_props("exports-ask", { data: what });
  }

  function value(name) {
    return document.getElementById("exports-" + name).value;
  }

  // The chart as it is drawn, in light colours on white, under the title of its panel.
  function save(button, format) {
    var panel = button.closest(".panel");
    var chart = panel.querySelector(".js-plotly-plot");
    if (!chart || !window.Plotly) return;
    var colours = JSON.parse(document.querySelector('meta[name="reachboard-paper"]').content);
    var layout = window.reachboardPaper.inLight(chart.layout, colours);
    layout.paper_bgcolor = layout.plot_bgcolor = "#ffffff";
    layout.title = {
      text: words(panel, ".panel-title"),
      subtitle: { text: words(panel, ".panel-caption"), font: { size: 12 } },
      font: { size: 16 },
      x: 0, xref: "container", xanchor: "left",
      y: 1, yref: "container", yanchor: "top",
      pad: { l: 8, t: 10 },
    };
    layout.margin = Object.assign({}, layout.margin, { t: ((layout.margin || {}).t || 0) + HEAD });
    var size = { width: chart.clientWidth, height: chart.clientHeight + HEAD };
    var figure = { data: window.reachboardPaper.inLight(chart.data, colours), layout: layout };
    window.Plotly.toImage(figure, Object.assign({ format: format, scale: format === "png" ? SCALE : 1 }, size)).then(
      function (address) {
        var link = document.createElement("a");
        link.href = address;
        link.download = name(panel) + "." + format;
        link.click();
      }
    );
  }

  // Plotly reads a few tags in a title; a name of a campaign is none.
  function words(panel, part) {
    var found = panel.querySelector(part);
    return (found ? found.textContent : "").replace(/&/g, "&amp;").replace(/</g, "&lt;");
  }

  // `reachboard-overview-trend`: the page and the table, and no value of a filter.
  function name(panel) {
    var link = panel.querySelector("a.csv");
    return "reachboard" + (link ? link.pathname.replace(/\.csv$/, "").replace(/\//g, "-") : "-chart");
  }

  // The menu of a table's other formats: made when it is opened, and aimed anew where the filters changed since.
  function offer(menu) {
    var link = menu.parentElement.querySelector("a.csv");
    var list = menu.querySelector(".formats-menu") || menu.appendChild(filled(menu));
    var bare = link.pathname.replace(/\.csv$/, "");
    list.querySelectorAll("a").forEach(function (one) {
      var more = "of=" + bare.slice(1) + link.search.replace("?", "&");
      one.href = one.dataset.end ? bare + "." + one.dataset.end + link.search : "/exports?" + more;
    });
  }

  function filled(menu) {
    var list = document.createElement("div");
    list.className = "formats-menu";
    Object.keys(FORMATS).forEach(function (end) {
      list.append(entry("a", FORMATS[end], { end: end }));
    });
    Object.keys("pictures" in menu.dataset ? PICTURES : {}).forEach(function (end) {
      list.append(entry("button", PICTURES[end], { chart: end }));
    });
    list.append(entry("a", "More …", {}));
    return list;
  }

  function entry(kind, words, marks) {
    var made = document.createElement(kind);
    made.textContent = words;
    if (kind === "button") made.type = "button";
    if (marks.end) made.download = "";
    Object.assign(made.dataset, marks);
    return made;
  }

  document.addEventListener(
    "toggle",
    function (event) {
      if (event.target.matches && event.target.matches(".formats[open]")) offer(event.target);
    },
    true
  );
  ["focusin", "pointerdown"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var menu = event.target.closest && event.target.closest(".formats[open]");
      if (menu) offer(menu);
    });
  });

  document.addEventListener("click", function (event) {
    document.querySelectorAll(".formats[open]").forEach(function (menu) {
      if (!menu.contains(event.target) || event.target.closest("a, button")) menu.open = false;
    });
    if (event.button !== 0) return;
    var picture = event.target.closest("[data-chart]");
    if (picture) save(picture, picture.dataset.chart);
    var found = event.target.closest("[data-export-do]");
    if (found) ask({ do: found.dataset.exportDo, id: found.dataset.exportId });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var menu = event.target.closest && event.target.closest(".formats[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  document.addEventListener("submit", function (event) {
    if (!("exportForm" in event.target.dataset)) return;
    event.preventDefault();
    ask({ do: "start", what: value("what"), format: value("format"), why: value("why") });
  });
})();
