# Read by scripts/setup and scripts/setup-tests: the virtual environment in .venv and what is installed in it.
# shellcheck shell=bash

say() { printf '%s\n' "$*"; }
stop() { printf '\n%s\n' "$*" >&2; exit 1; }

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3.11 python3 python3.12 python3.13; do
    if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 \
        && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  stop "Python 3.11 or newer is not here. Install it (Debian: apt install python3 python3-venv), or name one: PYTHON=/path/to/python3 make run"
}

# A folder that was moved or copied keeps a .venv whose python or scripts point elsewhere.
environment_works() {
  [ -x .venv/bin/python ] && [ "$(.venv/bin/python -c 'import sys; print(sys.prefix)' 2>/dev/null)" = "$PWD/.venv" ]
}

make_environment() {
  local python
  environment_works && return
  python=$(find_python) || exit 1
  say "Making a virtual environment in .venv with $python …"
  rm -rf .venv
  if command -v uv >/dev/null 2>&1; then
    uv venv --quiet --python "$python" .venv || stop "uv could not make .venv; its words are above."
  else
    "$python" -m venv --without-pip .venv || stop "Python could not make .venv; its words are above."
  fi
}

# Debian keeps ensurepip in python3-venv, which needs root; pip's own wheel does the same without. An
# environment made by uv has no pip either.
provide_pip() {
  .venv/bin/python -m pip --version >/dev/null 2>&1 && return
  .venv/bin/python -m ensurepip >/dev/null 2>&1 || .venv/bin/python scripts/install_pip.py || exit 1
}

# install_packages requirements.txt: does nothing when the file, and what it reads, were installed as they stand.
install_packages() {
  local file=$1 stamp=".venv/installed-$1" sum
  sum=$(cat requirements.txt "$file" | sha256sum)
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ]; then
    say "Python packages of $file: nothing to do."
    return
  fi
  if command -v uv >/dev/null 2>&1; then
    say "Installing the Python packages of $file with uv …"
    VIRTUAL_ENV="$PWD/.venv" uv pip install --quiet -r "$file" \
      || stop "The Python packages of $file could not be installed; uv's words are above. Is the network there? Then run it again."
  else
    say "Installing the Python packages of $file with pip (half a minute or so) …"
    provide_pip
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input -r "$file" \
      || stop "The Python packages of $file could not be installed; pip's words are above. Is the network there? Then run it again."
  fi
  printf '%s\n' "$sum" > "$stamp"
}
