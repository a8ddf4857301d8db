// How long the session lasts: every answer says it. Two minutes before its end somebody is asked to stay.
(function () {
  var dialog = document.getElementById("session-ends");
  if (!dialog) return;
  var WARN = 120000; // before the end
  var AWAKE = 60000; // so long after a key or a click a request is somebody's
  var QUIET = 660000; // whoever reads or writes here without a request says so while this much is left at most
  var ask = window.fetch;
  var acted = Date.now();
  var asking = false;
  var ends = Date.now() + 1000 * Number(dialog.dataset.left);
  var last = Date.now() + 1000 * Number(dialog.dataset.whole);
  var leaving = false;

  ["pointerdown", "keydown", "wheel", "touchstart"].forEach(function (name) {
    window.addEventListener(
      name,
      function () {
        acted = Date.now();
      },
      { passive: true, capture: true }
    );
  });

  window.fetch = function (address, options) {
    var given = options;
    if (String(address).indexOf("_dash-update-component") >= 0 && options && Date.now() - acted > AWAKE) {
      var headers = new Headers(options.headers);
      headers.set("Reachboard-Idle", "1");
      given = Object.assign({}, options, { headers: headers });
    }
    return ask.call(window, address, given).then(hear);
  };

  function hear(response) {
    var left = response.headers.get("Session-Left");
    if (left !== null) ends = Date.now() + 1000 * Number(left);
    return response;
  }

  // Asks for more time; with `idle` only how much there is, for another tab may have been busy.
  function stay(idle) {
    asking = true;
    if (!idle) acted = Date.now();
    return ask
      .call(window, "/sign-in/stay", { method: "POST", headers: idle ? { "Reachboard-Idle": "1" } : {} })
      .then(hear)
      .finally(function () {
        asking = false;
      });
  }

  function leave() {
    if (leaving) return;
    leaving = true;
    stay(true)
      .then(function (response) {
        if (response.status !== 401) leaving = false;
        else window.location.assign("/sign-in?next=" + encodeURIComponent(window.location.pathname + window.location.search));
      })
      .catch(function () {
        leaving = false;
      });
  }

  function look() {
    var now = Date.now();
    var left = ends - now;
    if (left <= 0) return leave();
    if (now - acted < AWAKE && left < QUIET && last - now > QUIET && !asking) stay(false);
    if (left > WARN) {
      if (dialog.open) dialog.close();
      return;
    }
    dialog.classList.toggle("is-last", last - now <= WARN);
    var seconds = Math.ceil(left / 1000);
    dialog.querySelector("[data-session-left]").textContent = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
    if (!dialog.open) dialog.showModal();
  }

  dialog.addEventListener("click", function (event) {
    if (event.target.closest("[data-stay]")) stay(false).then(look);
  });
  dialog.addEventListener("cancel", function (event) {
    event.preventDefault();
    stay(false).then(look);
  });
  window.setInterval(look, 1000);
})();
