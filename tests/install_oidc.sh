#!/bin/sh
# Tests sign in at a certified provider of their own: installs it from the lock beside it, where node can be had.

here=$(cd "$(dirname "$0")/provider" && pwd)
there=$(cd "$(dirname "$0")/.." && pwd)/var/tests/oidc-provider

ready() {
    [ -d "$there/node_modules/oidc-provider" ] && cmp -s "$here/package-lock.json" "$there/package-lock.json" &&
        command -v node >/dev/null 2>&1
}

ready && exit 0

if ! command -v npm >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then as_root=""; elif sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root="none"; fi
    if [ "$as_root" != none ]; then
        echo "Installing nodejs and npm ..."
        $as_root apt-get update -qq &&
            DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null
    fi
fi

if command -v npm >/dev/null 2>&1; then
    echo "Installing the identity provider of the tests ..."
    mkdir -p "$there" && cp "$here/package.json" "$here/package-lock.json" "$there/" &&
        (cd "$there" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null 2>&1) || rm -rf "$there"
    ready && exit 0
fi

echo "No certified identity provider here, so its tests are skipped. They need node 18 or newer, npm and a registry." >&2
exit 0
