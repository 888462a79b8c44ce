"""Passwords: kept so that they cannot be read, accepted whatever they are made of, refused when everybody knows them."""

import threading

import pytest
from argon2 import PasswordHasher, Type

from consult.accounts import passwords


def test_a_hash_is_argon2id_and_differs_each_time():
    one, two = passwords.hash_of("three random words"), passwords.hash_of("three random words")
    assert one.startswith("$argon2id$")
    assert one != two


def test_a_hash_costs_what_the_rfc_asks_for():
    assert passwords.MEMORY >= 65_536
    assert passwords.PASSES >= 3


def test_only_the_same_password_matches():
    kept = passwords.hash_of("three random words")
    assert passwords.matches(kept, "three random words")
    assert not passwords.matches(kept, "three random word")
    assert not passwords.matches(kept, "three random words ")


@pytest.mark.parametrize("kept", ["", "not a hash", "$argon2id$broken"])
def test_nothing_matches_where_no_hash_is_kept(kept):
    assert not passwords.matches(kept, "nobody has this password")
    assert not passwords.matches(kept, "")


def test_a_password_counts_to_its_last_character():
    long = "x1y2" * 32
    kept = passwords.hash_of(long)
    assert passwords.matches(kept, long)
    assert not passwords.matches(kept, long[:-1])


def test_the_same_letters_match_however_a_keyboard_composes_them():
    assert passwords.matches(
        passwords.hash_of("caf\u00e9 caf\u00e9 caf\u00e9"), "cafe\u0301 cafe\u0301 cafe\u0301"
    )


def test_a_hash_of_weaker_parameters_is_stale():
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID).hash("three random words")
    assert passwords.is_stale(weak)
    assert not passwords.is_stale(passwords.hash_of("three random words"))


def test_no_more_than_two_hashes_are_worked_on_at_once(monkeypatch):
    working, most, gate = [], [], threading.Event()

    class Slow:
        def hash(self, password):
            working.append(password)
            most.append(len(working))
            gate.wait(0.2 if len(most) < 3 else 0)
            working.pop()
            return ""

    monkeypatch.setattr(passwords, "_hasher", Slow())
    threads = [threading.Thread(target=passwords.hash_of, args=("x",)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 5
    assert max(most) == 2
