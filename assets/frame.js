// The frame in the browser: menu, theme switch, links without a reload, focus after them, and the end of a session.
(function () {
  var root = document.documentElement;
  var dash = (window.dash_clientside = window.dash_clientside || {});
  var arrived = false;
  var at = { path: window.location.pathname, search: window.location.search };
  var MENUS = "details.user[open], details.more[open], details.pick[open], details.views[open]";
  var height = 0; // where the page is scrolled to when it has arrived

  // Elements travel under short names of the libraries they are of (ui/html.py).
  var SHORT = { h: "dash_html_components", d: "dash_core_components", b: "dash_bootstrap_components" };
  Object.keys(SHORT).forEach(function (name) {
    Object.defineProperty(window, name, {
      get: function () {
        return window[SHORT[name]];
      },
    });
  });

  dash.reachboard = {
    // A page has been shown: its title, its link in the menu, and the focus on its heading.
    arrive: function (place) {
      if (!place) return dash.no_update;
      window.setTimeout(function () {
        name(place.title);
      }, 0);
      document.querySelectorAll(".links [data-path]").forEach(function (link) {
        var path = link.dataset.path;
        if (path === place.path) link.setAttribute("aria-current", "page");
        else if (path !== "/" && place.path.indexOf(path + "/") === 0) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
      if (arrived || window.location.hash) window.setTimeout(settle, 0);
      arrived = true;
      return place.path;
    },
    synthetic: function (flag) {
      root.toggleAttribute("data-synthetic", Boolean(flag));
      return flag ? "yes" : "no";
    },
  };

  // A page about one thing is named after it, so that tabs and bookmarks can be told apart.
  function name(title) {
    var heading = document.querySelector("#frame-page h1[data-names-page]");
    document.title = (heading ? heading.textContent : title) + " · Reachboard";
  }

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
    if (event.target.closest("[data-copy-words]")) copy(event.target.closest("[data-copy-words]"));
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.closest("[data-again]")) lay();
    if (event.target.closest("#menu-button")) menu(!document.getElementById("top").classList.contains("is-open"));
    document.querySelectorAll(MENUS).forEach(function (details) {
      if (!details.contains(event.target) || event.target.closest(".more-links a")) details.open = false;
    });
    follow(event);
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    menu(false);
    document.querySelectorAll(MENUS).forEach(function (details) {
      details.open = false;
      details.querySelector("summary").focus();
    });
  });

  // The address of this view, or what a button holds.
  function copy(button) {
    var words = button.lastElementChild || button;
    var before = words.textContent;
    navigator.clipboard.writeText(button.dataset.copyWords || window.location.href).then(function () {
      words.textContent = button.dataset.copyWords ? "Copied" : "Link copied";
      window.setTimeout(function () {
        words.textContent = before;
      }, 2000);
    });
  }

  // Links move inside the page; downloads, other places and anchors of this page go their own way.
  function follow(event) {
    var link = event.target.closest(".links a, .top .brand, #frame-page a[href], .hint a");
    var other = event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (!link || other || event.button !== 0 || !document.querySelector(".frame")) return;
    if (link.origin !== window.location.origin || link.target || link.hasAttribute("download")) return;
    if (/\.\w+$/.test(link.pathname) || link.href === window.location.href) return;
    if (link.hash && link.pathname + link.search === at.path + at.search) return;
    event.preventDefault();
    menu(false);
    go(link.href);
  }

  function go(href) {
    window.history.replaceState(Object.assign({}, window.history.state, { height: window.scrollY }), "");
    window.history.pushState({}, "", href);
    height = 0;
    var stays = window.location.pathname === at.path;
    here();
    if (stays) lay();
    else window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  function here() {
    at = { path: window.location.pathname, search: window.location.search };
    document.dispatchEvent(new CustomEvent("reachboard:moved"));
  }

  // The page of the same path is laid out anew for the address as it is now.
  function lay() {
    dash.set_props("frame-return", { data: { search: window.location.search, at: Date.now() } });
  }

  // Back and Forward: dcc.Location shows another page, but knows nothing of addresses that scripts have written.
  window.addEventListener("popstate", function (event) {
    var before = at;
    here();
    var stays = at.path === before.path;
    height = (event.state && event.state.height) || (stays ? window.scrollY : 0);
    if (!stays || !document.querySelector(".frame")) return;
    event.stopImmediatePropagation();
    if (at.search !== before.search) lay();
  });

  // A page has arrived: the focus is on its heading, or on what the address points at.
  function settle() {
    var named = window.location.hash && document.getElementById(window.location.hash.slice(1));
    if (named) {
      named.scrollIntoView({ behavior: "instant" });
      if (named.tabIndex < 0) named.tabIndex = -1;
      named.focus({ preventScroll: true });
      return;
    }
    var heading = document.querySelector("#frame-page h1");
    if (heading) heading.focus({ preventScroll: true });
    scroll(20);
  }

  // Panels come one by one: the page grows until it can be scrolled to where it was.
  function scroll(tries) {
    window.scrollTo({ top: height, behavior: "instant" });
    if (tries && Math.abs(window.scrollY - height) > 2) window.setTimeout(scroll, 100, tries - 1);
  }

  ["wheel", "touchstart", "keydown"].forEach(function (name) {
    window.addEventListener(
      name,
      function () {
        height = window.scrollY;
      },
      { passive: true }
    );
  });

  window.reachboardFrame = { go: go, here: here };

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
