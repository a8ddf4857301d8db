// Bring data: sends a file, reads the form that says what its columns mean, and asks what it comes to.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});
  var NONE = "-";
  var waiting = null;

  function at(name) {
    return document.getElementById("upload-" + name);
  }

  function value(name) {
    var found = at(name);
    return found && found.value !== NONE ? found.value : "";
  }

  function told(words, wrong) {
    var place = at("told");
    place.textContent = words;
    place.classList.toggle("form-alert", Boolean(wrong));
  }

  function ask(what, more) {
    var form = at("form");
    var id = (more && more.id) || (form && form.dataset.uploadForm);
    dash.set_props("upload-ask", { data: Object.assign({ at: Date.now(), do: what, id: id, draft: draft() }, more) });
  }

  function column(box, number) {
    var words = {};
    box.querySelectorAll("[data-upload-word]").forEach(function (pair) {
      var event = pair.querySelector("select").value;
      words[pair.dataset.uploadWord] = event === NONE ? "" : event;
    });
    return {
      name: box.dataset.uploadColumn,
      means: value("column-" + number),
      format: value("format-" + number),
      words: words,
    };
  }

  // The whole form, as the server makes a mapping of it.
  function draft() {
    var form = at("form");
    if (!form) return null;
    var known = form.querySelector("[data-upload-known] input");
    var ticked = form.querySelectorAll(".upload-key input:checked");
    return {
      use: known && known.checked ? form.querySelector("[data-upload-known]").dataset.uploadKnown : "",
      kind: value("kind"),
      name: value("name"),
      delimiter: value("delimiter"),
      encoding: value("encoding"),
      decimal: value("decimal"),
      channel: value("channel"),
      campaign: value("campaign"),
      columns: Array.from(form.querySelectorAll("[data-upload-column]"), column),
      key: Array.from(ticked, function (box) {
        return box.value;
      }),
    };
  }

  // A file is sent as it is: a form would be held whole in memory before anybody looked at it.
  function send(file) {
    if (!file) return;
    var bar = at("bar");
    var request = new XMLHttpRequest();
    request.open("POST", "/uploads?name=" + encodeURIComponent(file.name));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", function (event) {
      if (event.lengthComputable) bar.value = Math.round((100 * event.loaded) / event.total);
    });
    request.addEventListener("loadend", function () {
      bar.hidden = true;
      var answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch (error) {
        answer = {};
      }
      if (request.status === 201) {
        told(file.name + " is here.");
        ask("open", { id: answer.id });
      } else if (request.status === 413) told("The file is too large. Split it, or import it by the command line.", true);
      else told(answer.error || "The file could not be sent. Try again.", true);
    });
    bar.value = 0;
    bar.hidden = false;
    told("Sending " + file.name + " …");
    request.send(file);
  }

  // A real file input stands in the drop zone; its button is what is seen and reached by the keyboard.
  function choose() {
    var zone = at("drop");
    var picker = zone.querySelector("input[type=file]");
    if (!picker) {
      picker = document.createElement("input");
      picker.type = "file";
      picker.hidden = true;
      picker.accept = ".csv,.tsv,.txt,text/csv";
      picker.addEventListener("change", function () {
        send(picker.files[0]);
        picker.value = "";
      });
      zone.appendChild(picker);
    }
    picker.click();
  }

  function changed(target) {
    if (target.id === "upload-kind") ask("open", { kind: target.value });
    else if (target.closest(".upload-means") || /^upload-(delimiter|encoding)$/.test(target.id)) {
      keepPlace(target.id);
      ask("columns");
    } else ask("look");
  }

  // The form is drawn anew under whoever stands in it: the focus returns to where it was.
  function keepPlace(id) {
    var watcher = new MutationObserver(function () {
      var found = document.getElementById(id);
      if (found && document.activeElement === document.body) found.focus({ preventScroll: true });
    });
    var place = at("opened");
    if (!place) return;
    watcher.observe(place, { childList: true, subtree: true });
    window.setTimeout(function () {
      watcher.disconnect();
    }, 3000);
  }

  document.addEventListener("change", function (event) {
    if (event.target.closest && event.target.closest("[data-upload-form]")) {
      window.setTimeout(function () {
        changed(event.target);
      }, 0);
    }
  });

  document.addEventListener("input", function (event) {
    if (event.target.type !== "text" || !event.target.closest("[data-upload-form]")) return;
    window.clearTimeout(waiting);
    waiting = window.setTimeout(function () {
      ask("look");
    }, 400);
  });

  document.addEventListener("submit", function (event) {
    if (!("uploadForm" in event.target.dataset)) return;
    event.preventDefault();
    ask("look");
  });

  document.addEventListener("click", function (event) {
    var found = event.target.closest("[data-upload-choose], [data-upload-do], [data-upload-open]");
    if (!found || event.button !== 0) return;
    if ("uploadChoose" in found.dataset) choose();
    else if (found.dataset.uploadOpen) ask("open", { id: found.dataset.uploadOpen });
    else ask(found.dataset.uploadDo);
  });

  ["dragover", "dragleave", "drop"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var place = event.target.closest && event.target.closest("[data-upload-drop]");
      if (!place || !event.dataTransfer || !Array.from(event.dataTransfer.types).includes("Files")) return;
      event.preventDefault();
      place.classList.toggle("upload-over", name === "dragover");
      if (name === "drop") send(event.dataTransfer.files[0]);
    });
  });
})();
