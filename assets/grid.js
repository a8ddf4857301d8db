// AG Grid in the browser: its bundle is fetched where it is used, cells are drawn from plain rows, Enter follows.
(function () {
  var loading = null;
  var parts = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  var EMPTY = { a: ["not available", "is-absent"], w: ["withheld", "is-withheld"], n: ["–", "is-nothing"] };
  var functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});

  window.reachboardGrid = {
    // Resolves once grids can be drawn; rejects where the bundle cannot be had.
    load: function (address) {
      if (window.dash_ag_grid) return Promise.resolve();
      if (!loading) {
        loading = new Promise(function (done, failed) {
          var script = document.createElement("script");
          script.src = address;
          script.async = false;
          script.onload = function () {
            (window.dash_ag_grid ? done : failed)();
          };
          script.onerror = failed;
          document.head.appendChild(script);
        });
      }
      return loading;
    },
    api: function (id) {
      try {
        return window.dash_ag_grid.getApi(id) || null;
      } catch (_absent) {
        return null;
      }
    },
  };

  // Rows are sorted where the figures are: what is withheld or to come stands last either way.
  functions.asItCame = function () {
    return 0;
  };

  function make(kind, given) {
    return window.React.createElement.apply(null, [kind, given].concat([].slice.call(arguments, 2)));
  }

  parts.GridName = function (cell) {
    var row = cell.data;
    return make("div", { className: "grid-two" }, make("a", { href: row.href, title: row.name, tabIndex: -1 }, row.name), make("small", null, row.by));
  };

  parts.GridTwo = function (cell) {
    var told = cell.value || [];
    return make("div", { className: "grid-two " + (told[2] || "") }, make("span", null, told[0]), make("small", null, told[1]));
  };

  // A figure that says no more than why it is empty comes as the letter of its status (ui/grid.py).
  function figure(told) {
    if (typeof told !== "string") return told || ["–", "is-nothing"];
    return [EMPTY[told][0], EMPTY[told][1], "", told];
  }

  parts.GridFigure = function (cell) {
    var told = figure(cell.value);
    var given = { className: "grid-figure " + (told[1] || ""), "data-hint": cell.colDef.field };
    ["data-n", "data-s", "data-r"].forEach(function (name, place) {
      if (told[place + 2]) given[name] = told[place + 2];
    });
    return make("span", given, told[0]);
  };

  parts.GridVerdict = function (cell) {
    var css = "verdict verdict-" + (cell.value || "").replace(/ /g, "-");
    return make("span", { className: css, "data-hint": cell.colDef.field }, cell.value);
  };

  // A figure with its range, or what it is compared with, on a second line.
  parts.GridRange = function (cell) {
    var told = figure(cell.value);
    var first = parts.GridFigure(cell);
    return told[5] ? make("div", { className: "grid-two" }, first, make("small", null, told[5])) : first;
  };

  var COUNTED = ["GridFigure", "GridRange"];

  // A grid is as wide as its columns; paper gets its rows as a plain table.
  function cellOf(row, name, place) {
    var cell = document.createElement(place ? "td" : "th");
    var counted = place > 2;
    var told = counted ? figure(row[name]) : row[name] || [];
    var words = name === "name" ? [row.name, row.by] : counted ? [told[0], told[5]] : [].concat(told).slice(0, 2);
    if (counted) cell.className = "number " + (told[1] || "");
    words.slice(0, counted && !words[1] ? 1 : 2).forEach(function (text, line) {
      var part = document.createElement(line ? "small" : "span");
      part.textContent = text || "";
      cell.append(part);
    });
    return cell;
  }

  function onPaper(frame) {
    var grid = frame.querySelector(".grid");
    var api = grid && window.reachboardGrid.api(grid.id);
    if (!api) return;
    var columns = api.getAllDisplayedColumns().filter(function (column) {
      return column.getColDef().field;
    });
    var table = document.createElement("table");
    table.className = "table grid-paper";
    var head = table.createTHead().insertRow();
    columns.forEach(function (column) {
      var cell = document.createElement("th");
      cell.textContent = column.getColDef().headerName;
      if (COUNTED.indexOf(column.getColDef().cellRenderer) >= 0) cell.className = "number";
      head.append(cell);
    });
    var body = table.createTBody();
    api.forEachNodeAfterFilterAndSort(function (node) {
      var line = body.insertRow();
      columns.forEach(function (column, place) {
        var kind = COUNTED.indexOf(column.getColDef().cellRenderer) >= 0 ? 3 : place ? 1 : 0;
        line.append(cellOf(node.data, column.getColId(), kind));
      });
    });
    frame.after(table);
  }

  window.addEventListener("beforeprint", function () {
    document.querySelectorAll(".grid-paper").forEach(function (old) {
      old.remove();
    });
    document.querySelectorAll(".grid-frame").forEach(onPaper);
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll(".grid-paper").forEach(function (old) {
      old.remove();
    });
  });

  document.addEventListener("keydown", function (event) {
    var cell = event.key === "Enter" && event.target.closest && event.target.closest(".grid .ag-cell");
    var link = cell && cell.querySelector("a[href]");
    if (link) link.click();
  });
})();
