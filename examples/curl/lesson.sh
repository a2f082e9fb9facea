#!/usr/bin/env bash
# Tests, by curl alone, that a session ends in time and that a lost answer leaves its session created.
# usage: ETHERPAD_URL=http://127.0.0.1:9001 ./lesson.sh
set -euo pipefail

url="${ETHERPAD_URL:-http://127.0.0.1:9001}/sandbox/curl-$$-$RANDOM"
json=(-H 'Content-Type: application/json')

control() { curl -sS --fail-with-body -X "$1" "$url/_mock/$2" "${@:3}"; }
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
fail() { echo "not ok: $1" >&2; exit 1; }

key=$(control GET info | field apiKey)
call() { curl -sS "$url/api/1.2.15/$1" --data-urlencode "apikey=$key" "${@:2}"; }

control PUT clock "${json[@]}" -d '{"now": "2030-01-01T08:00:00Z", "frozen": true}' >/dev/null
group=$(call createGroup | field groupID)
author=$(call createAuthor -d name=Ada | field authorID)
session=$(call createSession -d "groupID=$group" -d "authorID=$author" -d validUntil=1893487500 | field sessionID)

call getSessionInfo -d "sessionID=$session" | grep -q '"code":0' || fail 'the session is alive during the lesson'
echo 'ok: the session is alive during the lesson'
control POST clock/advance "${json[@]}" -d "{\"pastExpiryOf\": \"$session\"}" >/dev/null
call getSessionInfo -d "sessionID=$session" | grep -q '"message":"sessionID does not exist"' || fail 'the session is over after the lesson'
echo 'ok: the session is over after the lesson'

control POST faults "${json[@]}" -d '{"kind": "lostAnswer", "function": "createSession", "times": 1}' >/dev/null
if call createSession -d "groupID=$group" -d "authorID=$author" -d validUntil=1999999999 2>/dev/null; then fail 'the answer is lost'; fi
call listSessionsOfGroup -d "groupID=$group" | grep -q '"validUntil":1999999999' || fail 'the session is there all the same'
echo 'ok: a lost answer leaves the session created'

control POST requests/verify "${json[@]}" -d '{"function": "createSession", "code": 0, "times": 2}' | grep -q '"ok":true' || fail 'two sessions were created'
echo 'ok: two sessions were created'
control DELETE "sandboxes/${url##*/}" >/dev/null
