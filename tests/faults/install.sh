#!/bin/sh
# What tests need and pip does not have: a browser (the one without windows is all that is asked for by “install.sh
# chromium”), a library that moves the clock, a mail transfer agent and an IMAP server. Installed where this is Debian or
# Ubuntu and we are root, or sudo asks for no password; else the tests that miss a part fail and name it.
set -eu
missing=""
[ -e /usr/bin/chromium-headless-shell ] || missing="$missing chromium-headless-shell"
if [ "${1:-all}" = all ]; then
    [ -e /usr/bin/chromium ] || missing="$missing chromium"
    ls /usr/lib/*/faketime/libfaketimeMT.so.1 >/dev/null 2>&1 || missing="$missing faketime"
    [ -x /usr/sbin/postfix ] || missing="$missing postfix"
    [ -x /usr/lib/dovecot/imap ] || missing="$missing dovecot-imapd"
    [ -x /usr/lib/dovecot/lmtp ] || missing="$missing dovecot-lmtpd"
    command -v openssl >/dev/null || missing="$missing openssl"
fi
[ -n "$missing" ] || exit 0
root=""
[ "$(id -u)" = 0 ] || root="sudo -n"
install() {
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$1" >/dev/null ||
        echo "Could not be installed: $1" >&2
}
if command -v apt-get >/dev/null && $root true 2>/dev/null; then
    $root apt-get update -q >/dev/null || true
    for name in $missing; do install "$name"; done
    # Where the browser is packaged only with its windows, it does, too.
    [ -e /usr/bin/chromium-headless-shell ] || [ -e /usr/bin/chromium ] || install chromium
else
    echo "Missing for these tests:$missing. Install them (Debian: apt-get install$missing)." >&2
fi
