"""The roster: people, offices and classes without names, each bound to the days on which it was said."""

from datetime import date

from review.dossier.roster import people_named, roster
from tests.review.statements import BODY, by, on, statement

CHAIR = {"type": "membership", "person": "周明远", "role": "主任", "capacity": "省委书记"}


def test_a_person_in_a_role_is_one_seat_first_and_last_said():
    found = roster(BODY, [on("2024-06-18", **CHAIR), on("2026-02-27", **CHAIR), on("2025-03-12", **CHAIR)])

    (seat,) = found.people
    assert (seat.holder, seat.role, seat.first, seat.last) == ("周明远", "主任", date(2024, 6, 18), date(2026, 2, 27))
    assert seat.stories == 3 and seat.capacities == ("省委书记",)


def test_a_role_holds_on_the_day_it_is_said_and_is_open_afterwards():
    (seat,) = roster(BODY, [on("2024-06-18", **CHAIR), on("2026-02-27", **CHAIR)]).people

    days = [date(2024, 6, 17), date(2024, 6, 18), date(2025, 1, 1), date(2026, 2, 28)]
    assert [seat.holds(day) for day in days] == ["open", "said", "between", "open"]


def test_copies_of_one_story_are_one_story():
    said = [on("2024-06-18", cluster=3, document=n, origin=1, **CHAIR) for n in (1, 2, 3)]

    assert roster(BODY, said).people[0].stories == 1


def test_two_heads_at_once_and_two_roles_of_one_person_are_seats_of_their_own():
    said = [
        on("2024-06-18", **CHAIR),
        on("2024-06-18", **{**CHAIR, "person": "李远山", "capacity": "省长"}),
        on("2024-06-18", **{**CHAIR, "role": "副主任"}),
    ]

    assert {(seat.holder, seat.role) for seat in roster(BODY, said).people} == {
        ("周明远", "主任"),
        ("李远山", "主任"),
        ("周明远", "副主任"),
    }


def test_an_office_without_a_name_is_a_row_of_its_own():
    said = [by("2024-06-18", type="membership", role="主任", capacity="省委书记、省长")]

    found = roster(BODY, said)

    assert [(seat.kind, seat.holder, seat.role) for seat in found.offices] == [("office", "省委书记、省长", "主任")]
    assert found.people == ()


def test_a_class_without_names_counts_as_a_class():
    said = [
        statement("2026-07-08", "中央科技委员会委员、有关部门负责同志出席", type="mention", body=BODY),
        statement("2026-07-09", "省委科技委成员单位负责同志参加会议", type="mention"),
        statement("2026-07-10", "省委科技委员会会议强调", type="mention"),
    ]

    assert {seat.holder for seat in roster(BODY, said).classes} == {"委员", "成员单位"}


def test_a_person_in_two_bodies_shows_in_both_and_in_each_capacity():
    here = on("2024-06-18", **CHAIR)
    there = on("2025-12-22", **{**CHAIR, "body": "吉林省委科技委员会", "capacity": "吉林省委书记"})
    speech = statement("2026-01-05", type="slogan", body=None, person="周明远", capacity="国务院副总理")

    found = roster(BODY, [here], [here, there, speech])

    assert [(seat.body, seat.first) for seat in found.elsewhere] == [("吉林省委科技委员会", date(2025, 12, 22))]
    assert [a.capacity for a in found.appearances] == ["省委书记", "吉林省委书记", "国务院副总理"]


def test_the_office_of_the_body_belongs_to_its_roster():
    said = [on("2024-06-18", **{**CHAIR, "body": f"{BODY}办公室"})]

    assert [seat.body for seat in roster(BODY, said).people] == [f"{BODY}办公室"]


def test_accepted_and_machine_found_are_told_apart():
    said = [on("2024-06-18", verdict="accepted", **CHAIR), on("2024-06-18", **{**CHAIR, "person": "李远山"})]

    assert {seat.holder: seat.accepted for seat in roster(BODY, said).people} == {"周明远": True, "李远山": False}
    assert set(people_named(said)) == {"周明远", "李远山"}
