"""Every place of every byte string is found, wherever it stands and whatever it is made of."""

import random

import pytest

from pipelines.finding.scanner import Scanner


def looked_for_one_by_one(patterns: list[bytes], text: bytes) -> list[tuple[int, int]]:
    return sorted(
        (index, at + len(pattern))
        for index, pattern in enumerate(patterns)
        for at in range(len(text))
        if text.startswith(pattern, at)
    )


@pytest.mark.parametrize("seed", range(5))
def test_what_is_found_equals_looking_for_each_string_alone(seed):
    chance = random.Random(seed)
    patterns = list({bytes(chance.choices(b"ab\x00\xe4\xff", k=chance.randint(1, 6))) for _ in range(60)})
    scan = Scanner(patterns)
    for _ in range(100):
        text = bytes(chance.choices(b"ab\x00\xe4\xff", k=chance.randint(0, 80)))
        assert sorted(scan(text)) == looked_for_one_by_one(patterns, text)


@pytest.mark.parametrize("pattern", ["\x00", "a\x00b", ".*", "[a-z]+", "\\", "(", "中央科技委员会", "\U0001f933"])
def test_a_string_with_signs_of_regular_expressions_stands_for_itself(pattern):
    (ending,) = Scanner([pattern.encode()])(f"前{pattern}后".encode())

    assert ending == (0, len(f"前{pattern}".encode()))
