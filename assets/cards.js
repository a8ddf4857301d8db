// On a narrow screen rows become cards: each value is given the name of its column, for the style to show.
(function () {
  var narrow = window.matchMedia("(width < 768px)");
  var asked = false;

  function name(table) {
    var heads = Array.from(table.tHead ? table.tHead.rows[0].cells : []).map(function (head) {
      return head.querySelector(".visually-hidden") ? "" : head.textContent.trim();
    });
    Array.from(table.tBodies).forEach(function (body) {
      Array.from(body.rows).forEach(function (row) {
        Array.from(row.cells).forEach(function (cell, place) {
          if (cell.tagName !== "TD" || cell.colSpan > 1) return;
          if (cell.dataset.head !== heads[place]) cell.dataset.head = heads[place] || "";
        });
      });
    });
  }

  function look() {
    asked = false;
    Array.from(document.getElementsByClassName("words")).forEach(function (table) {
      if (table.tagName === "TABLE") name(table);
    });
  }

  function soon() {
    if (asked || !narrow.matches) return;
    asked = true;
    window.requestAnimationFrame(look);
  }

  new MutationObserver(soon).observe(document.documentElement, { childList: true, subtree: true });
  narrow.addEventListener("change", soon);
  soon();
})();
