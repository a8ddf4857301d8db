// Sets the theme before anything is painted; "scheme" tells the server what "as the system" came to.
(function () {
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function choice() {
    var found = document.cookie.match(/(?:^|; )theme=(light|dark|system)/);
    return found ? found[1] : "system";
  }
  function keep(name, value) {
    document.cookie = name + "=" + value + "; path=/; max-age=31536000; SameSite=Lax";
  }
  function apply() {
    var wanted = choice();
    var scheme = wanted === "system" ? (dark.matches ? "dark" : "light") : wanted;
    document.documentElement.dataset.bsTheme = scheme;
    keep("scheme", scheme);
    document.dispatchEvent(new CustomEvent("reachboard:theme", { detail: { choice: wanted, scheme: scheme } }));
  }
  window.reachboardTheme = {
    choice: choice,
    choose: function (wanted) {
      keep("theme", wanted);
      apply();
    },
  };
  dark.addEventListener("change", apply);
  apply();
})();
