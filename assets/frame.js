// The frame in the browser: menu, theme switch, links without a reload, focus after them, and the end of a session.
(function () {
  var root = document.documentElement;
  var dash = (window.dash_clientside = window.dash_clientside || {});
  var arrived = false;

  dash.reachboard = {
    // A page has been shown: its title, its link in the menu, and the focus on its heading.
    arrive: function (place) {
      if (!place) return dash.no_update;
      document.title = place.title + " · Reachboard";
      document.querySelectorAll(".links [data-path]").forEach(function (link) {
        if (link.dataset.path === place.path) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      });
      if (arrived) {
        window.scrollTo(0, 0);
        window.setTimeout(function () {
          var heading = document.querySelector("#frame-page h1");
          if (heading) heading.focus({ preventScroll: true });
        }, 0);
      }
      arrived = true;
      return place.path;
    },
    synthetic: function (flag) {
      root.toggleAttribute("data-synthetic", Boolean(flag));
      return flag ? "yes" : "no";
    },
  };

  function menu(open) {
    var button = document.getElementById("menu-button");
    if (!button) return;
    button.setAttribute("aria-expanded", String(open));
    document.getElementById("top").classList.toggle("is-open", open);
  }

  function showChoice() {
    var choice = window.reachboardTheme.choice();
    document.querySelectorAll("[data-theme-choice]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
    });
  }

  document.addEventListener("reachboard:theme", function (event) {
    showChoice();
    if (dash.set_props && document.querySelector(".frame")) {
      dash.set_props("frame-theme", { data: event.detail.scheme });
    }
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-theme-choice]");
    if (button) window.reachboardTheme.choose(button.dataset.themeChoice);
    if (event.target.closest("[data-copy-link]")) copy(event.target.closest("[data-copy-link]"));
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.closest("#menu-button")) menu(!document.getElementById("top").classList.contains("is-open"));
    document.querySelectorAll("details.user[open], details.pick[open]").forEach(function (details) {
      if (!details.contains(event.target)) details.open = false;
    });
    follow(event);
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    menu(false);
    document.querySelectorAll("details.user[open], details.pick[open]").forEach(function (details) {
      details.open = false;
      details.querySelector("summary").focus();
    });
  });

  function copy(button) {
    var words = button.lastElementChild;
    var before = words.textContent;
    navigator.clipboard.writeText(window.location.href).then(function () {
      words.textContent = "Link copied";
      window.setTimeout(function () {
        words.textContent = before;
      }, 2000);
    });
  }

  // Links of the menu move inside the page; the address of the page itself loads it anew, without its filters.
  function follow(event) {
    var link = event.target.closest(".links a, .top .brand");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    if (!document.querySelector(".frame") || link.pathname === window.location.pathname) return;
    event.preventDefault();
    menu(false);
    window.history.pushState({}, "", link.href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  // A session that has ended is said by signing in again, not by a page that stands still.
  var ask = window.fetch;
  window.fetch = function () {
    return ask.apply(this, arguments).then(function (response) {
      if (response.status === 401 && response.url.indexOf(window.location.origin + "/_dash") === 0) {
        window.location.assign("/sign-in?next=" + encodeURIComponent(window.location.pathname + window.location.search));
      }
      return response;
    });
  };

  showChoice();
})();
