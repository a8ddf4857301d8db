// The monthly report in the browser: the month that is chosen becomes part of the question.
(function () {
  var dash = (window.dash_clientside = window.dash_clientside || {});

  dash.monthly = {
    month: function (month, before) {
      if (!month || (before || {}).month === month) return dash.no_update;
      return Object.assign({}, before, { month: month });
    },
  };
})();
