#!/bin/sh
# What the full half of the fault tests needs and pip does not have: a browser, and a library that moves the clock.
# Installed where this is Debian or Ubuntu and we are root; else the tests that miss a part fail and name it.
set -eu
missing=""
[ -e /usr/bin/chromium ] || missing="$missing chromium"
ls /usr/lib/*/faketime/libfaketimeMT.so.1 >/dev/null 2>&1 || missing="$missing faketime"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -q >/dev/null || true
    # shellcheck disable=SC2086 - a list of names
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >/dev/null
else
    echo "Missing for the full fault tests:$missing. Install them (Debian: apt-get install$missing)." >&2
fi
