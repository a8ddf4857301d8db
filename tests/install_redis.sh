#!/bin/sh
# Tests count requests and keep sessions in a Redis of their own: finds its program, or installs it where possible.

ready() { command -v redis-server >/dev/null 2>&1; }

ready && exit 0

if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then as_root=""; elif sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root="none"; fi
    if [ "$as_root" != none ]; then
        echo "Installing redis ..."
        # Only its program is needed: no server of the machine's own is to be started.
        had_policy=$([ -e /usr/sbin/policy-rc.d ] && echo yes)
        [ "$had_policy" ] || printf '#!/bin/sh\nexit 101\n' | $as_root tee /usr/sbin/policy-rc.d >/dev/null
        [ "$had_policy" ] || $as_root chmod 755 /usr/sbin/policy-rc.d
        $as_root apt-get update -qq &&
            DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends redis-server >/dev/null
        [ "$had_policy" ] || $as_root rm -f /usr/sbin/policy-rc.d
        ready && exit 0
    fi
fi

echo "No Redis here, so its tests are skipped. On Debian: sudo apt-get install redis-server" >&2
exit 0
