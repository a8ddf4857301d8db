"""Sessions in Redis, where several machines serve: as state/sessions.py keeps them in the state database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from state.sessions import ACTIVE, KEPT_US, Session, SessionsAway, digest, now_us

PREFIX = "reachboard:"
HELD = f"{PREFIX}sessions"
PATIENCE = 1.0
NUMBERS = ("began_us", "seen_us", "ended_us")
LISTS = ("programs", "lines")
# Each in one step: whoever is ended is not seen again, and ended once.
_TOUCH = """
if redis.call('hget', KEYS[1], 'ended_us') ~= '' then return 0 end
redis.call('hset', KEYS[1], 'seen_us', ARGV[1]) return 1"""
_END = """
if redis.call('hget', KEYS[1], 'ended_us') ~= '' then return 0 end
redis.call('hset', KEYS[1], 'ended_us', ARGV[1], 'ended_why', ARGV[2], 'ended_by', ARGV[3], 'sealed', '')
redis.call('srem', KEYS[2], ARGV[4]) return 1"""


class RedisSessions:
    """The sessions of a Redis; each is a hash that goes by itself a day after it began."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
        )
        self._touch = self._redis.register_script(_TOUCH)
        self._end = self._redis.register_script(_END)

    def put(self, session: Session) -> None:
        key = _key(session.digest)
        with _answering(), self._redis.pipeline() as several:
            several.hset(key, mapping=_texts(session))
            several.pexpireat(key, (session.began_us + KEPT_US) // 1000)
            several.sadd(HELD, session.digest)
            several.execute()

    def get(self, digest: str) -> Session | None:
        with _answering():
            return _session(self._redis.hgetall(_key(digest)))  # type: ignore[arg-type]

    def touch(self, digest: str, seen_us: int) -> None:
        with _answering():
            self._touch(keys=[_key(digest)], args=[seen_us])

    def active(self) -> list[Session]:
        with _answering():
            names = sorted(self._redis.smembers(HELD))  # type: ignore[arg-type]
            with self._redis.pipeline(transaction=False) as several:
                for name in names:
                    several.hgetall(_key(name))
                found = dict(zip(names, map(_session, several.execute()), strict=True))
            gone = [name for name, one in found.items() if one is None]
            if gone:
                self._redis.srem(HELD, *gone)
        now = now_us()
        live = [one for one in found.values() if one is not None and one.standing(now) == ACTIVE]
        return sorted(live, key=lambda one: -one.seen_us)

    def end(self, which: Callable[[Session], bool], why: str, by: str = "") -> list[Session]:
        at, ended = now_us(), []
        for one in filter(which, self.active()):
            with _answering():
                if self._end(keys=[_key(one.digest), HELD], args=[at, why, by, one.digest]):
                    ended.append(replace(one, ended_us=at, ended_why=why, ended_by=by))
        return ended

    def spend(self, name: str, until_us: int) -> bool:
        if until_us <= now_us():
            return True
        with _answering():
            return bool(self._redis.set(f"{PREFIX}spent:{digest(name)}", "1", nx=True, pxat=until_us // 1000))

    def close(self) -> None:
        self._redis.close()


@contextmanager
def _answering() -> Iterator[None]:
    """Tells a Redis that does not answer from a mistake of ours."""
    try:
        yield
    except (redis.RedisError, OSError) as error:
        raise SessionsAway(type(error).__name__) from error


def _key(digest: str) -> str:
    return f"{PREFIX}session:{digest}"


def _texts(session: Session) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, value in vars(session).items():
        if name in LISTS:
            texts[name] = json.dumps(None if value is None else sorted(value))
        else:
            texts[name] = "" if value is None else str(value)
    return texts


def _session(texts: Mapping[str, str]) -> Session | None:
    if "ended_us" not in texts:
        return None
    values: dict[str, object] = {name: texts[name] for name in Session.__dataclass_fields__}
    for name in NUMBERS:
        values[name] = int(texts[name]) if texts[name] else None
    for name in LISTS:
        held = json.loads(texts[name])
        values[name] = None if held is None else tuple(held)
    return Session(**values)  # type: ignore[arg-type]
