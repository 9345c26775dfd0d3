"""The measures of single groups and of gaps, against values that we did not compute."""

import math

import numpy as np

from evenground.measures import (
    Estimate,
    Sums,
    benjamini_hochberg,
    change,
    choose,
    closing,
    decompose,
    difference,
    impact,
    katz,
    kish,
    mean,
    newcombe,
    noise,
    p_of_counts,
    p_of_estimate,
    priority,
    rate,
    ratio,
    reference,
    student,
    welch,
    wilson,
)

NEWCOMBE_RATE = "Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 3"
NEWCOMBE_DIFFERENCE = "Newcombe (1998), Statistics in Medicine 17:873-890, table II, method 10"
# Extra hours of sleep under two drugs, Student (1908), Biometrika 6:20.
FIRST = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
SECOND = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
# A made-up cohort of 20,000 of whom 10,528 succeed; its Asian, Black and Hispanic students.
GROUPS = Sums.of([6000, 2000, 4000], [4292, 607, 847])
WHOLE = Sums.of([20_000] * 3, [10_528] * 3)
COHORT = "a made-up cohort of 20,000"
PEER = "DisImpact 0.0.22"
EXACT = "exact arithmetic by hand, where DisImpact 0.0.22 counts too few"


def of(values):
    return student(values.size, values.sum(), (values**2).sum())


def test_rates(outside):
    s, n = [81, 15, 0, 1], [263, 148, 20, 29]
    low, high = [0.2553, 0.0624, 0.0, 0.0061], [0.3662, 0.1605, 0.1611, 0.1718]
    for name, found in (("wilson", wilson(s, n)), ("rate.estimate", rate.estimate(Sums.of(n, s)))):
        outside(name, "four rates, low bounds", found.low, low, source=NEWCOMBE_RATE, within=5e-5)
        outside(name, "four rates, high bounds", found.high, high, source=NEWCOMBE_RATE, within=5e-5)
    shares = [21 / 263, 0.5]  # by hand: .0798479
    outside(
        "rate.rate", "21 of 263; 4 of 8", rate.rate([21, 4], [263, 8]), shares, source="by hand", within=0
    )


def test_means(outside):
    source = "R 4, t.test(sleep), paired"
    paired, sums = FIRST - SECOND, Sums.of([10.0], [-15.8], [(FIRST - SECOND) @ (FIRST - SECOND)])
    for name, found in (("student", of(paired)), ("mean.estimate", mean.estimate(sums))):
        value = np.concatenate([np.ravel(found.value), np.ravel(found.low), np.ravel(found.high)])
        expected = [-1.58, -2.4598858, -0.7001142]
        outside(name, "sleep, mean and bounds", value, expected, source=source, within=5e-8)
    # (1 + 2 + 3)^2 / (1 + 4 + 9) = 36/14
    outside("kish", "weights 1, 2, 3", kish(6, 14), 2.5714286, source="by hand", within=5e-8)


def test_differences(outside):
    found = newcombe([56, 9, 5, 10], [70, 10, 56, 10], [48, 3, 0, 0], [80, 10, 29, 20])
    low, high = [0.0524, 0.1705, -0.0381, 0.6791], [0.3339, 0.8090, 0.1926, 1.0]
    outside("newcombe", "four pairs, low bounds", found.low, low, source=NEWCOMBE_DIFFERENCE, within=5e-5)
    outside("newcombe", "four pairs, high bounds", found.high, high, source=NEWCOMBE_DIFFERENCE, within=5e-5)
    found = welch(of(FIRST), of(SECOND))
    expected = [-1.58, -3.3654832, 0.2054832]
    values = [found.value, found.low, found.high]
    outside("welch", "sleep", values, expected, source="R 4, t.test(extra ~ group)", within=5e-8)
    # 56 of 70 beside others of whom 48 of 80 do: the difference to all 150 is 80/150 of .0524 to .3339
    group = Sums.of([70.0], [56.0])
    to_all = difference.rates_to_reference(group, reference.overall(group, Sums.of([150.0], [104.0])))
    expected = [0.2 * 80 / 150, 0.0524 * 80 / 150, 0.3339 * 80 / 150]
    values = [to_all.value[0], to_all.low[0], to_all.high[0]]
    name, what = "difference.rates_to_reference", "56 of 70 and all 150"
    outside(name, what, values, expected, source=f"{NEWCOMBE_DIFFERENCE}, by hand", within=5e-5)
    first, both = (
        Sums.of([float(x.size)], [x.sum()], [x @ x]) for x in (FIRST, np.concatenate([FIRST, SECOND]))
    )
    to_all = difference.means_to_reference(first, reference.overall(first, both))
    values = [to_all.value[0], to_all.low[0], to_all.high[0]]  # half of the difference to the other ten
    name, source = "difference.means_to_reference", "R 4, t.test(extra ~ group), halved by hand"
    outside(
        name, "sleep, first drug and both", values, [-0.79, -1.6827416, 0.1027416], source=source, within=5e-8
    )
    one, other = (
        Estimate(low=np.array(-0.26), high=np.array(-0.15), value=np.array(-0.2)),
        Estimate.exactly(-0.3),
    )
    found = difference.combined(one, other)  # a known number moves the interval: -.26 + .3, -.15 + .3
    values = [found.value, found.low, found.high]
    outside(
        "difference.combined",
        "less a known number",
        values,
        [0.1, 0.04, 0.15],
        source="by hand",
        within=1e-12,
    )


def test_ratios(outside):
    # ratio (189/11034)/(104/11037); variance of its log 1/189 - 1/11034 + 1/104 - 1/11037 = .0147252
    found = katz(189, 11034, 104, 11037)
    source = "by hand; counts of New England J. Med. 318 (1988) 262-264"
    values = [found.value, found.low, found.high]
    outside(
        "katz",
        "heart attacks, placebo and aspirin",
        values,
        [1.8178, 1.4330, 2.3059],
        source=source,
        within=1e-4,
    )
    # group 30 of 100, all 80 of 200: theta .6, factor exp(1.959964 * .1825742) = 1.430235
    group, whole = Sums.of([100.0], [30.0]), Sums.of([200.0], [80.0])
    found = ratio.rates_to_reference(group, reference.overall(group, whole))
    low, high = 0.6 / 1.430235, 0.6 * 1.430235
    expected = [0.75, low / (0.5 * low + 0.5), high / (0.5 * high + 0.5)]
    values = [found.value[0], found.low[0], found.high[0]]
    outside(
        "ratio.rates_to_reference", "30 of 100 and 80 of 200", values, expected, source="by hand", within=1e-6
    )
    # Means 4 and 2 of 2 students each, 3, 5 and 1, 3: variances of the means 1 and 1, relative 1/16 and 1/4;
    # df (5/16)^2/((1/16)^2 + (1/4)^2) = 25/17; t(.975, 25/17) is 6.1794..., so only the value is by hand
    one, two = of(np.array([3.0, 5.0])), of(np.array([1.0, 3.0]))
    outside("ratio.of_means", "4 and 2", ratio.of_means(one, two).value, 2, source="by hand", within=0)
    both = Sums.of([4.0], [12.0], [44.0])
    to_all = ratio.means_to_reference(
        Sums.of([2.0], [8.0], [34.0]), reference.overall(Sums.of([2.0], [8.0], [34.0]), both)
    )
    outside("ratio.means_to_reference", "4 and 3", to_all.value, [4 / 3], source="by hand", within=1e-12)


def test_impact(outside):
    overall = reference.overall(GROUPS, WHOLE)
    margins = impact.margin([800, 200], minimum=0.03)
    outside("margin", "800 and 200", margins, [0.03464823, 0.06929646], source="by hand", within=5e-9)
    gap = impact.percentage_point_gap(GROUPS, overall, minimum=0.03, direction="higher")
    outside(
        "percentage_point_gap",
        f"{COHORT}: students, fixed",
        gap.needed.fixed,
        [0, 386, 1139],
        source=PEER,
        within=0,
    )
    outside(
        "percentage_point_gap",
        f"{COHORT}: students, moving",
        gap.needed.moving,
        [0, 429, 1424],
        source=EXACT,
        within=0,
    )
    needed = impact.needed(GROUPS, overall, direction="higher")
    outside("needed", f"{COHORT}: parity, fixed", needed.fixed, [0, 446, 1259], source=PEER, within=0)
    outside("needed", f"{COHORT}: parity, moving", needed.moving, [0, 496, 1574], source=EXACT, within=0)
    index = impact.proportionality(GROUPS, WHOLE, cutoff=0.8, direction="higher")
    outside("proportionality", COHORT, index.value, [1.358916, 0.576558, 0.402261], source=PEER, within=5e-7)
    source = "exact arithmetic by hand: 837.48/.84 = 997, where DisImpact 0.0.22 rounds a float to 998"
    outside("proportionality", f"{COHORT}: students", index.needed, [0, 256, 997], source=source, within=0)
    best = choose(
        "highest", GROUPS, whole=WHOLE, block=[0, 0, 0], keys=["a", "b", "h"], minimum=30, direction="higher"
    )
    outside("choose", f"{COHORT}: the highest rate", best.rate, [0.715333] * 3, source=PEER, within=5e-7)
    to_best = impact.index_80(GROUPS, best, cutoff=0.8, direction="higher")
    outside("index_80", COHORT, to_best.value, [1, 0.424278, 0.296016], source=PEER, within=5e-7)
    outside("index_80", f"{COHORT}: students", to_best.needed, [0, 538, 1443], source=PEER, within=0)


def test_over_time(outside):
    found = change.of_rate(48, 80, 56, 70)
    values = [found.low, found.high]
    outside(
        "change.of_rate",
        "48 of 80, then 56 of 70",
        values,
        [0.0524, 0.3339],
        source=NEWCOMBE_DIFFERENCE,
        within=5e-5,
    )
    # gaps -.30 (-.35 to -.24) and -.20 (-.26 to -.15): below sqrt(.06^2 + .06^2), above sqrt(.05^2 + .05^2)
    before = Estimate(low=np.array(-0.35), high=np.array(-0.24), value=np.array(-0.30))
    after = Estimate(low=np.array(-0.26), high=np.array(-0.15), value=np.array(-0.20))
    found = change.of_estimate(before, after)
    expected = [0.10, 0.10 - 0.06 * math.sqrt(2), 0.10 + 0.05 * math.sqrt(2)]
    values = [found.value, found.low, found.high]
    outside(
        "change.of_estimate", "a gap of 30, then 20 points", values, expected, source="by hand", within=1e-12
    )
    ends = [rate.estimate(Sums.of(n, s)) for n, s in ((1000, 400), (1000, 500), (1000, 700), (1000, 700))]
    moved = closing(*ends, direction="higher").change.value
    outside("closing", "40 to 50 and 70 to 70 of 100", moved, 0.1, source="by hand", within=1e-12)


def test_priority(outside):
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    certain = np.count_nonzero(benjamini_hochberg(p, rate=0.05).certain)
    source = "Benjamini and Hochberg (1995), section 3.2"
    outside("benjamini_hochberg", "15 tests of a trial: certain", certain, 4, source=source, within=0)
    # z = 2: the two-sided p-value of a normal table
    half = 0.1959964
    found = p_of_estimate(Estimate(low=np.array(0.2 - half), high=np.array(0.2 + half), value=np.array(0.2)))
    outside("p_of_estimate", "two standard errors", found, 0.0455003, source="normal table", within=1e-6)
    # pooled (56 + 48)/150: chi-square 150 (56*32 - 14*48)^2/(70*80*104*46) = 7.0234
    p_value = math.erfc(math.sqrt(150 * (56 * 32 - 14 * 48) ** 2 / (70 * 80 * 104 * 46) / 2))
    found = p_of_counts(56, 70, 48, 80)
    outside(
        "p_of_counts", "56 of 70 and 48 of 80", found, p_value, source="chi-square, by hand", within=1e-12
    )
    found = priority.importance(level=[0.25], reference=[0.5], part=[0.2], share=[True])
    # asin sqrt(.25) is 30 degrees, asin sqrt(.5) is 45: .2 x (2 x 15 degrees)^2
    outside(
        "priority.importance",
        "25 and 50 of 100",
        found,
        [0.2 * (math.pi / 6) ** 2],
        source="by hand",
        within=1e-12,
    )


def test_between_and_within(outside):
    found = decompose([0, 0], [100, 50], [30, 40], [100, 300], [50, 270])
    # w_a 2/3, 1/3; w_b 1/4, 3/4; between 5/12 x .4 - 5/12 x .85, within 11/24 x (-.2) + 13/24 x (-.1)
    expected = [-1 / 3, 5 / 12 * (0.4 - 0.85), 11 / 24 * -0.2 + 13 / 24 * -0.1]
    values = [found.gap[0], found.between[0], found.within[0]]
    outside("decompose", "two schools", values, expected, source="by hand", within=1e-12)


def test_noise(outside):
    # a = 1/2: 2 (1/2)/(1/2)^2 = 4; a = 1/5: (2/5)/(16/25) = .625
    found = [noise.variance(math.log(2)), noise.variance(math.log(5))]
    outside("noise.variance", "epsilon ln 2 and ln 5", found, [4, 0.625], source="by hand", within=1e-12)
