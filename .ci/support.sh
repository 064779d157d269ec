# What the commands of the long tier share; sourced with $folder set to a folder of the command's own.
running=()
wrong=0
bin=$(dirname "$(ls /usr/lib/postgresql/*/bin/initdb | tail -n 1)")

# Ends what was started.
end_all() {
    local process
    for process in "${running[@]}"; do kill "$process" 2>/dev/null || true; done
    wait
}

need() { # program package
    command -v "$1" >/dev/null 2>&1 && return
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "$2" >/dev/null
}

# PostgreSQL refuses to run as root.
as=()
[ "$(id -u)" != 0 ] || as=(setpriv --reuid=postgres --regid=postgres --clear-groups --)
pg() { "${as[@]}" "$bin/$1" -h "$folder/postgres" -U luodi "${@:2}"; }

# A throw-away PostgreSQL with the database `luodi`, on a socket of its own and on no port, unless options say otherwise;
# PGPORT is its port, as for its clients.
start_postgres() { # option...
    if [ ! -d "$folder/postgres/data" ]; then
        mkdir -p "$folder/postgres"
        if [ "$(id -u)" = 0 ]; then chmod 711 "$folder"; chown postgres "$folder/postgres"; fi
        "${as[@]}" "$bin/initdb" -D "$folder/postgres/data" -U luodi -A trust >/dev/null
    fi
    "${as[@]}" "$bin/postgres" -D "$folder/postgres/data" -k "$folder/postgres" -h '' "$@" >>"$folder/postgres.log" 2>&1 &
    running+=($!)
    for _ in $(seq 100); do pg psql -d postgres -c '' >/dev/null 2>&1 && break; sleep 0.1; done
    pg createdb luodi 2>/dev/null || true
}

check() { # what, found, wanted
    if [ "$2" = "$3" ]; then printf '  ok   %s: %s\n' "$1" "$2"; else printf '  MISS %s: %s (wanted: %s)\n' "$1" "$2" "$3"; wrong=1; fi
}

within() { # what, found, most
    if awk "BEGIN { exit !($2 <= $3) }"; then
        printf '  ok   %s: %s (wanted: <= %s)\n' "$1" "$2" "$3"
    else
        printf '  MISS %s: %s (wanted: <= %s)\n' "$1" "$2" "$3"; wrong=1
    fi
}

timed() { # what, most seconds, command...
    local begun=$EPOCHREALTIME
    "${@:3}" >"$folder/said" 2>&1 || { cat "$folder/said"; wrong=1; }
    within "$1, s" "$(awk "BEGIN { printf \"%.1f\", $EPOCHREALTIME - $begun }")" "$2"
}
