// What a number means: on hover, focus or tap its definition, what it is made of, its status and how fresh it is.
(function () {
  var OPEN_AFTER = 140; // ms of resting on a number
  var CLOSE_AFTER = 260; // ms to move from the number into its hint
  var WIDE = 340; // above this width (px) the hint stands at the pointer, not in the middle
  var ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  var SHOWN = ".step-words, .bar-words, .kpi-number > span:first-child, [data-value]";
  var box, owner, timer, words, pointer, under;

  function fetched() {
    var address = document.querySelector('meta[name="reachboard-definitions"]');
    words =
      words ||
      (address ? window.fetch(address.content) : Promise.reject(new Error("no definitions")))
        .then(function (response) {
          return response.ok ? response.json() : Promise.reject(new Error("no definitions"));
        })
        .catch(function () {
          words = null;
          return { metrics: {}, status: {} };
        });
    return words;
  }

  // The head of a cell's column names its metric, or that of its row, unless the cell does itself.
  function metricOf(element) {
    if (element.dataset.hint) return element.dataset.hint;
    var table = element.tagName === "TD" && element.closest("table");
    var head = table && table.tHead && table.tHead.rows[table.tHead.rows.length - 1].cells[element.cellIndex];
    var first = table && element.parentElement.cells[0];
    return (head && head.dataset.hint) || (first && first.tagName === "TH" && first.dataset.hint) || "";
  }

  function ownerAt(target) {
    if (!target || !target.closest) return null;
    var near = target.closest("[data-hint-near]");
    if (near) return near.parentElement.querySelector("[data-hint]");
    var own = target.closest("[data-hint], td");
    return own && metricOf(own) ? own : null;
  }

  function dataOf(element) {
    var shown = element.querySelector(SHOWN) || element;
    var head = element.tagName === "TH";
    return {
      hint: metricOf(element),
      v: head || element.dataset.name !== undefined ? "" : element.dataset.v || shown.textContent.trim(),
      n: element.dataset.n || "",
      s: element.dataset.s || "",
      r: element.dataset.r || "",
      sofar: element.classList.contains("so-far"),
    };
  }

  function line(css, text) {
    var found = document.createElement("p");
    found.className = css;
    found.textContent = text;
    return found;
  }

  function clocks() {
    var places = document.querySelectorAll("#frame-page .clocks .clock");
    if (!places.length) places = document.querySelectorAll(".footer-state > span");
    return Array.prototype.map
      .call(places, function (place) {
        return place.textContent.trim();
      })
      .filter(function (text) {
        return /^(Outreach|Outcomes) /.test(text);
      })
      .join(" · ");
  }

  function statusLine(data, known) {
    var status = known.status[data.s];
    var parts = [];
    if (status && /[{][}]/.test(status[1])) parts.push(status[0] + ": " + status[1].replace("{}", data.r));
    else if (status) parts.push(status[0] + ": " + (data.r || status[1]));
    else if (data.r) parts.push(data.r);
    else if (data.v) parts.push("Released: every group in it is large enough to show, as of the last publish that could tell it.");
    if (/≈/.test(data.v + data.n)) parts.push("≈ counts distinct members, rounded to 10.");
    if (data.sofar) parts.push("So far: outcomes of the latest members are still to come.");
    return parts.join(" ");
  }

  function fill(data, known) {
    var metric = known.metrics[data.hint] || [data.hint.replace(/_/g, " "), "", ""];
    var head = line("hint-head", "");
    var label = document.createElement("span");
    label.id = "hint-label";
    label.textContent = metric[0];
    head.append(label);
    if (data.v) head.append(Object.assign(document.createElement("strong"), { textContent: data.v }));
    box.replaceChildren(head);
    if (data.n) box.append(line("hint-made-of", / of /.test(data.n) ? data.n : "Exactly " + data.n));
    if (metric[1]) box.append(line("hint-meaning", metric[1]));
    if (metric[2]) box.append(line("hint-formula", metric[2]));
    var status = statusLine(data, known);
    if (status) box.append(line("hint-status", status));
    var told = clocks();
    if (told && data.v) box.append(line("hint-clocks", told));
    if (document.querySelector('.links [data-path="/definitions"]')) {
      var link = document.createElement("a");
      link.href = "/definitions#metric-" + data.hint;
      link.textContent = "Definition";
      box.append(link);
    }
  }

  function made() {
    if (box) return box;
    box = document.createElement("div");
    box.id = "hint";
    box.className = "hint";
    box.popover = "manual";
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-labelledby", "hint-label");
    box.addEventListener("pointerenter", stay);
    box.addEventListener("pointerleave", leave);
    box.addEventListener("focusout", function (event) {
      if (!box.contains(event.relatedTarget)) hide();
    });
    document.body.append(box);
    return box;
  }

  // Below the number, else above it, and always inside the window.
  function place() {
    if (!owner || !owner.isConnected) return hide();
    var of = owner.getBoundingClientRect();
    var size = box.getBoundingClientRect();
    var middle = of.width > WIDE && pointer !== undefined ? pointer : of.left + Math.min(of.width, WIDE) / 2;
    var right = document.documentElement.clientWidth - size.width - 8;
    var below = of.bottom + 6;
    var fits = below + size.height <= window.innerHeight - 8;
    var top = fits ? below : of.top - size.height - 6;
    if (of.bottom < 0 || of.top > window.innerHeight) return hide();
    box.style.left = Math.max(8, Math.min(middle - size.width / 2, right)) + "px";
    box.style.top = Math.max(8, Math.min(top, window.innerHeight - size.height - 8)) + "px";
  }

  function show(element, data, x) {
    stay();
    var asked = element;
    fetched().then(function (known) {
      if (!asked.isConnected) return;
      if (owner && owner !== asked) unmark();
      owner = asked;
      pointer = x;
      made();
      fill(data || dataOf(owner), known);
      if (!box.matches(":popover-open")) box.showPopover();
      described().setAttribute("aria-describedby", "hint");
      place();
    });
  }

  // Who has the focus says the hint; the number itself where nobody has.
  function described() {
    var focused = document.activeElement;
    return focused && ownerAt(focused) === owner ? focused : owner;
  }

  function unmark() {
    document.querySelectorAll('[aria-describedby="hint"]').forEach(function (one) {
      one.removeAttribute("aria-describedby");
    });
  }

  function hide() {
    stay();
    unmark();
    owner = null;
    if (box && box.matches(":popover-open")) box.hidePopover();
  }

  function stay() {
    window.clearTimeout(timer);
  }

  function leave() {
    stay();
    timer = window.setTimeout(function () {
      if (box && !box.contains(document.activeElement)) hide();
    }, CLOSE_AFTER);
  }

  function isOpen() {
    return Boolean(box && owner && box.matches(":popover-open"));
  }

  // A page that scrolls under a resting pointer asks nothing: only a pointer that moves does.
  document.addEventListener("pointermove", function (event) {
    if (event.pointerType === "touch" || event.target === under) return;
    under = event.target;
    if (box && box.contains(under)) return;
    var found = ownerAt(under);
    if (found && found === owner) return stay();
    if (!found) return isOpen() ? leave() : stay();
    stay();
    timer = window.setTimeout(show, isOpen() ? 60 : OPEN_AFTER, found, null, event.clientX);
  });

  document.addEventListener("pointerleave", function () {
    under = null;
    if (isOpen()) leave();
  });

  document.addEventListener("focusin", function (event) {
    if (box && box.contains(event.target)) return;
    var found = ownerAt(event.target);
    if (found && event.target.matches(":focus-visible")) show(found);
    else if (isOpen()) hide();
  });

  // A tap shows, a tap elsewhere hides; a button beside a number does so for everybody.
  document.addEventListener("click", function (event) {
    if (box && box.contains(event.target)) return;
    var button = event.target.closest("[data-hint-near]");
    var found = ownerAt(event.target);
    if (!found || (!button && event.target.closest("a, button, input, summary, label"))) {
      if (isOpen() && !found) hide();
      return;
    }
    if (isOpen() && owner === found && event.detail === 0) enter();
    else show(found, null, event.clientX || undefined);
  });

  function enter() {
    var link = box.querySelector("a");
    if (link) link.focus();
  }

  function leaveByKey() {
    var back = box.contains(document.activeElement) && (document.querySelector('[aria-describedby="hint"]') || owner);
    hide();
    if (back) back.focus();
  }

  document.addEventListener(
    "keydown",
    function (event) {
      if (event.key === "Escape" && isOpen()) {
        event.stopPropagation();
        event.preventDefault();
        return leaveByKey();
      }
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (event.key === "Enter" && isOpen() && event.target === owner) return enter();
      if (ARROWS[event.key] || event.key === "Home" || event.key === "End") walk(event);
    },
    true
  );

  // Arrow keys: from a table or a list of figures into it, and between its figures.
  function walk(event) {
    var from = event.target;
    if (from.matches("input, select, textarea, [contenteditable]") || from.closest("dialog, .ag-root")) return;
    var next = from.closest("[data-figures]") ? inList(event) : inTable(event);
    if (!next) return;
    event.preventDefault();
    if (!next.matches("a, button")) next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function inList(event) {
    var list = event.target.closest("[data-figures]");
    var all = Array.prototype.slice.call(list.querySelectorAll("[data-hint]"));
    var at = all.indexOf(event.target.closest("[data-hint]"));
    if (at < 0) return all[0];
    if (event.key === "Home") return all[0];
    if (event.key === "End") return all[all.length - 1];
    var step = ARROWS[event.key];
    return all[at + (step[0] || step[1])];
  }

  function inTable(event) {
    var frame = event.target.closest(".table-frame");
    var table = frame && frame.querySelector("table");
    if (!table || !table.rows.length) return null;
    if (event.target === frame) return reachable((table.tBodies[0] || table).rows[0].cells[0]);
    var cell = event.target.closest("td, th");
    if (!cell) return null;
    var row = cell.parentElement;
    if (event.key === "Home") return reachable(row.cells[0]);
    if (event.key === "End") return reachable(row.cells[row.cells.length - 1]);
    var step = ARROWS[event.key];
    var to = table.rows[row.rowIndex + step[0]];
    return to && reachable(to.cells[cell.cellIndex + step[1]]);
  }

  // The link or button of a cell that has one, else the cell.
  function reachable(cell) {
    return cell && (cell.querySelector("a[href], button:not([disabled])") || cell);
  }

  window.addEventListener("scroll", function () { if (isOpen()) place(); }, { capture: true, passive: true });
  window.addEventListener("resize", function () { if (isOpen()) place(); });
  window.addEventListener("beforeprint", hide);
  window.addEventListener("popstate", hide);
  window.addEventListener("_dashprivate_pushstate", hide);

  window.reachboardHints = {
    show: show, // (element, {hint, v, n, s, r}): the hint of a number that carries no marks itself
    hide: hide,
    of: function (element) {
      var found = ownerAt(element);
      return found ? dataOf(found) : null;
    },
  };
})();
