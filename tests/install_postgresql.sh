#!/bin/sh
# Tests pull from a PostgreSQL of their own: finds its programs, or installs them where that is possible.

ready() { command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }

ready && exit 0

if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then as_root=""; elif sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root="none"; fi
    if [ "$as_root" != none ]; then
        echo "Installing postgresql ..."
        # Only its programs are needed: no cluster is made, and no server is started.
        here=/etc/postgresql-common/createcluster.d
        $as_root mkdir -p "$here" && echo "create_main_cluster = false" | $as_root tee "$here/tests.conf" >/dev/null
        $as_root apt-get update -qq &&
            DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends postgresql >/dev/null
        $as_root rm -f "$here/tests.conf"
        ready && exit 0
    fi
fi

echo "No PostgreSQL here, so its tests are skipped. On Debian: sudo apt-get install postgresql" >&2
exit 0
