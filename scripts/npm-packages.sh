# Read by scripts/setup-tests and scripts/setup-quality, after python-packages.sh: packages from npm in .cache.
# shellcheck shell=bash

# The packages that scripts/$1/package-lock.json names, into .cache/$1.
install_npm_packages() {
  local source="scripts/$1" folder=".cache/$1" sum
  sum=$(sha256sum < "$source/package-lock.json")
  if [ -f "$folder/installed" ] && [ "$(cat "$folder/installed")" = "$sum" ]; then
    say "Packages of $source: nothing to do."
    return
  fi
  say "Installing the packages of $source/package.json with npm into $folder …"
  rm -rf "$folder"
  mkdir -p "$folder"
  cp "$source/package.json" "$source/package-lock.json" "$folder/"
  # --ignore-scripts: vnu-jar would fetch a Java of its own
  npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null >/dev/null \
    || stop "npm could not install the packages of $source; its words are above. Is the network there? Then run it again."
  printf '%s\n' "$sum" > "$folder/installed"
}
