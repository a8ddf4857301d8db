#!/bin/sh
# Tests open pages in Chromium: finds it and its driver, or installs them where that is possible.

have() { command -v "$1" >/dev/null 2>&1; }
ready() { { have chromium || have chromium-browser || have google-chrome; } && have chromedriver; }

ready && exit 0

if have apt-get; then
    if [ "$(id -u)" = 0 ]; then as_root=""; elif have sudo && sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root="none"; fi
    if [ "$as_root" != none ]; then
        echo "Installing chromium and chromium-driver ..."
        $as_root apt-get update -qq &&
            DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium chromium-driver >/dev/null
        ready && exit 0
    fi
fi

have chromedriver || echo "Tests need chromedriver, which is not on the PATH." >&2
have chromium || have chromium-browser || have google-chrome || echo "Tests need chromium, which is not on the PATH." >&2
echo "On Debian: sudo apt-get install chromium chromium-driver" >&2
echo "Elsewhere: install Chromium or Chrome, and the chromedriver of the same version." >&2
exit 1
