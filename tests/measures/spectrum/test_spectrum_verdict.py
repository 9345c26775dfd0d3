"""Where percent-proficient misleads: made-up curves whose truth is known, and Kentucky's seven years."""

import csv
import gzip

import numpy as np
import pytest
from scipy.special import ndtr

from evenground.measures.spectrum import orders, reading, trend

CUTS = np.array([-1.0, 0.0, 1.0])


def curve(mean, spread=1.0, n=20000):
    return np.round(np.diff(ndtr((CUTS - mean) / spread), prepend=0, append=1) * n)


def test_shifted_curves_agree_at_every_cut():
    found = reading(curve(-0.25), curve(0.25), standard=2)
    assert (str(found.reason), bool(found.misleads)) == ("", False)
    assert not found.turns.any()


def test_a_wider_group_is_ahead_at_one_cut_and_behind_at_another(outside):
    found = reading(curve(0, 1.4), curve(0.2), standard=2)
    assert found.turns.tolist() == [False, False, True]
    assert str(found.reason) == "direction"
    # Above 1: 1 - Phi(1/1.4) = .2375 of the group and 1 - Phi(.8) = .2119 of the others.
    outside(
        "spectrum.reading", "N(0, 1.4) and N(.2, 1) above 1", found.gap.value[2], 0.2375253 - 0.2118554,
        source="by hand, tables of the normal distribution", within=5e-5,
    )  # fmt: skip


def test_the_same_distance_further_up_looks_like_progress(outside):
    """Both groups move up by one deviation: V stays, the gap above the middle cut shrinks."""
    found = trend(curve(-0.25), curve(0.25), curve(0.75), curve(1.25), standard=2)
    assert found.v.value == pytest.approx(0, abs=1e-3)
    outside(
        "spectrum.trend", "half a deviation apart, then both one deviation higher: gap above the middle",
        [found.before.gap.value[1], found.after.gap.value[1]], [-0.1974, 0.7733726 - 0.8943502],
        source="by hand, tables of the normal distribution", within=5e-5,
    )  # fmt: skip
    assert str(found.reason) in {"only_here", "turns"}
    assert found.misleads


@pytest.mark.parametrize(
    ("after", "reference_after", "reason"),
    [
        ((-0.25, 1.0), (0.25, 1.0), ""),
        ((-0.10, 1.0), (0.25, 1.0), ""),
        # up at the standard while those far below fall behind
        ((0.02, 2.2), (0.25, 1.0), "turns"),
    ],
)
def test_trends_of_known_curves(after, reference_after, reason):
    found = trend(curve(-0.25), curve(0.25), curve(*after), curve(*reference_after), standard=2)
    assert str(found.reason) == reason


def test_small_groups_have_no_verdict():
    found = trend([3, 4, 2, 1], [5, 6, 7, 3], [4, 3, 2, 1], [5, 6, 6, 4], standard=2)
    assert str(found.reason) == ""
    assert str(trend([0] * 4, [5, 6, 7, 3], [4, 3, 2, 1], [5, 6, 6, 4], standard=2).reason) == "unknown"


def test_groups_change_places_when_the_whole_spectrum_is_looked_at(outside):
    """Above the middle the first is further behind; over all levels the second is."""
    first, second = curve(-0.4), curve(-0.3, 0.5)
    found = reading([first, second], curve(0.0), standard=3)
    places = orders(found, standard=3)
    # V: sqrt 2 times -.4/sqrt 2 = -.4 and -.3/sqrt(1.25) sqrt 2 = -.3795; above 1: .0808 and .0047 of all.
    assert found.v.value == pytest.approx([-0.4, -0.3 / np.sqrt(1.25) * np.sqrt(2)], abs=1e-3)
    outside(
        "spectrum.orders", "shares above 1 of N(-.4, 1) and N(-.3, .5)",
        found.gap.value[:, 2] + 0.1586553, [0.0807567, 0.0046612],
        source="by hand, tables of the normal distribution",
        within=5e-5,
    )  # fmt: skip
    assert places.first.tolist() == []
    further = reading([curve(-0.55), second], curve(0.0), standard=3)
    places = orders(further, standard=3)
    assert (places.first.tolist(), places.second.tolist()) == ([1], [0])


def test_a_standard_is_one_of_the_cuts():
    with pytest.raises(ValueError, match="1 to 3"):
        reading(curve(0), curve(0), standard=4)


@pytest.fixture(scope="module")
def kentucky(shared_data):
    """Students per level of the state, by school level, subject, group and year."""
    found = {}
    names = ("novice_pct", "apprentice_pct", "proficient_pct", "distinguished_pct")
    with gzip.open(shared_data("ky-kysrc") / "ach_level_state.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["n_tested"] and row["novice_pct"]:
                n = float(row["n_tested"])
                key = row["school_level"].split()[0], row["subject"], row["student_group"], row["year"][-4:]
                found[key] = np.round([n * float(row[name]) for name in names])
    return found


def test_seven_years_of_kentucky_move_apart_at_every_level(kentucky):
    """Elementary mathematics, Black and white students: further apart at every level, and V says so too."""
    then, now = (
        [
            kentucky["Elementary", "Mathematics", group, year]
            for group in ("African American", "White (Non-Hispanic)")
        ]
        for year in ("2012", "2018")
    )
    found = trend(*then, *now, standard=2)
    assert str(found.reason) == ""
    assert found.before.gap.value == pytest.approx([-0.177, -0.207, -0.078], abs=6e-4)
    assert found.after.gap.value == pytest.approx([-0.218, -0.267, -0.133], abs=6e-4)
    assert found.v.high < 0
    assert (found.gap.high < 0).all()


def test_kentucky_where_the_standard_says_the_opposite(kentucky):
    """Middle school reading of students with disabilities, 2011-12 to 2016-17: further behind at
    proficient, nearer
    at the cuts below and above it, and over the whole spectrum."""
    counts = []
    for year in ("2012", "2017"):
        group = kentucky["Middle", "Reading", "Disability-With IEP (Total)", year]
        counts += [group, kentucky["Middle", "Reading", "All Students", year] - group]
    found = trend(*counts, standard=2)
    assert str(found.reason) == "opposite"
    assert found.gap.high[1] < 0 < found.v.low
    assert found.turns.tolist() == [True, False, True]
