// Saved views in the browser: what is asked of the menu, and the links that lead to default views.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});

  function ask(data) {
    dash.set_props("views-ask", { data: Object.assign({ at: Date.now() }, data) });
    keepFocus();
  }

  // The menu is drawn anew; who works by keyboard stays in it.
  function keepFocus() {
    var place = document.getElementById("views-menu");
    if (!place) return;
    var watch = new MutationObserver(function () {
      watch.disconnect();
      window.setTimeout(function () {
        if (place.contains(document.activeElement)) return;
        var next = place.querySelector(".views-said button") || document.getElementById("views-opener");
        if (next) next.focus();
      }, 0);
    });
    watch.observe(place, { childList: true, subtree: true });
    window.setTimeout(watch.disconnect.bind(watch), 4000);
  }

  dash.saved = {
    // The menu's links lead to the default views.
    defaults: function (queries) {
      document.querySelectorAll(".links [data-path]").forEach(function (link) {
        var query = queries && queries[link.dataset.path];
        link.setAttribute("href", link.dataset.path + (query ? "?" + query : ""));
      });
      return "";
    },
  };

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-view-ask]");
    if (button) ask(JSON.parse(button.dataset.viewAsk));
    var copy = event.target.closest("[data-view-copy]");
    if (copy) {
      navigator.clipboard.writeText(window.location.origin + copy.dataset.viewCopy).then(function () {
        copy.textContent = "Link copied";
      });
    }
  });

  document.addEventListener("submit", function (event) {
    var form = event.target.closest("[data-view-form]");
    if (!form) return;
    event.preventDefault();
    var wanted = JSON.parse(form.dataset.viewForm);
    wanted.name = form.querySelector("input").value;
    if (wanted.do === "save") wanted.query = window.location.search.slice(1);
    ask(wanted);
  });

  document.addEventListener("change", function (event) {
    var share = event.target.closest("[data-view-share]");
    if (share) ask({ do: "share", id: Number(share.dataset.viewShare), role: event.target.value });
  });
})();
