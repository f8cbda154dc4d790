"""The words of docs/method.md between its tables."""

HEAD = """# What the figures can tell

<!-- Made by `python -m benchmarks.method > docs/method.md`. -->

Each table but that of real posts plants a truth in made-up data, lets the shipped SQL and code work on it, and counts
how often they are right. Seeds are fixed: the command gives this page again. What each metric counts is in
[metrics.md](metrics.md)."""

COVERAGE = """## Intervals: how often they hold the truth

A 95 % interval should hold the truth in 95 of 100 cases; 93 to 97 is what is asked of each cell. {simulations:,}
simulations a cell ({fewer:,} with 1,000 authors): chance alone moves a cell by {chance:.1f} points
({chance_fewer:.1f}). A fifth as many for net_sentiment_corrected, half as many for changes. The least n of the metric
is lifted to show what it protects from: the files give no share and no tone under 30 authors and 30 mentions, and no
image_score under 10 mentions and 5 authors. Older versions in brackets, the newest of them first.

The intervals ask first how alike one author's mentions are, and count as many mentions as would tell as much if each
came from another author. "A few write most": Pareto with tail 1.2, at most 50 mentions an author. "One writes a
quarter": one author does, all others write one mention. Figures whose tables are the same to the last digit share one.

Cells above 97 % are intervals wider than they need be: few authors, some of whom write more than others, and one author
who writes much where hardly anybody else writes twice. How alike an author's mentions are cannot be learnt from one
author: version 3 takes them for at least a fifth alike then, which is too much where they are not. The two weeks of a
change are by different authors; where the same write in both and lean as before, which one table simulates, its
interval is wider than it need be. Share of voice by source is the same division of the same sums as over all. The
weights of net_sentiment_weighted are those of a log-normal reach that does not hang on the tone. What no interval but
that of net_sentiment_corrected holds: the errors of the classifier. And none speaks of those who are not heard on the
sources asked."""

MISSED = """### Cells under {least} %

{missed}{above} of {cells} cells are above {most} %, by the version of today."""

PLACES = """### Places among peers

`rank_among_peers` gives the places that the intervals allow, the truth planted for sets of {peers}. They held the true
place in {low:.1f} to {high:.1f} % of cases: two intervals that overlap are a tie, so that these ranges are wider than
95 % asks and name no order that is not there."""

WEEKS = """### The usual range of a week

`digest_week` tells the range in which a week of a brand usually falls. Counts without any event, as for unusual nights
below; {weeks:,} weeks a row. "Told": share of weeks that have a range, for one that begins at zero is not told. What
its formula promises is 95 %."""

CARRIERS = """### Places of those who carry a brand

`influence` gives the places that an author may have, by resamples of the authors. Eight authors are carried by so many
people, the first by 55 in 100, each next one by 1, 3 or 6 in 100 fewer; a few people write most, and no count of
reposts is known. {worlds} crowds a row: how often the range holds the true place of the eight, and how many places it
names on average. It is wide: so many people tell little of the order of those whom they carry."""

BOUNDS = """### Ranges that are no such intervals

- `reach` and `reach_net`: low and high are the formula's, half and twice its central estimate. Nothing in them is
  chance, and no platform tells the truth that they could be held against; a simulation would have to plant the formula
  itself. They are bounds of a scenario. `digest_figure` gives no interval of their change.
- `anomaly`: low and high are the counts that would not have been flagged: see unusual nights.
- `campaign_effect`: "held" in the tables of campaigns, below.
- Figures without low and high count all that was collected: no sample, no chance."""

ALARMS = """## Unusual nights: false alarms

Counts without any event, negative binomial, with a weekday pattern; {nights:,} nights a row. A night is flagged at
p <= 0.135 % on its side, so that each direction should flag that share; counts are whole, so that fewer may be."""

POWER = """## Unusual nights: what is found

Share of single nights found that are two, three or four times as loud as usual. The price of few false alarms: with 5
mentions a night even three times as many often pass unseen."""

NIGHTS = """## Unusual nights over many brands

{brands} brands of 3 to 100 mentions a night (variance 3 times the mean), {nights} nights, judged by `night_alarm.sql`:
Benjamini and Hochberg at 10 % over all tests of a night holds the false share, in the
mean over nights, to 10 %. An event is four times the mentions."""

CAMPAIGNS = """## Campaigns: effects recovered

A campaign of 28 nights, {simulations} simulations a row. Loudness is the change of mean log(1 + mentions) (+0.41 is
half as much again), tone that of net sentiment. "Held": share of 95 % intervals that hold what was planted. Where
nothing was planted, "up" and "down" are the false findings and should add up to 5 % (300 simulations tell it to within
2.5 points, so that 7.7 % is high and no proof); where the brand did not run like its peers before the start (by chance
in 5 % of cases) the verdict is "cannot tell"."""

PREVALENCE = """## Counting tone when the classifier errs

A classifier that takes one criticism in five for neutral makes every place look milder than it is, and more posts do
not help: they make the wrong figure surer. `net_sentiment_corrected` exchanges each answer for what such answers stood
for on labelled mentions: with M the matrix of answers given truths, the shares of the truths are M⁻¹ times the shares
of the answers (Rogan and Gladen 1978, in three classes). Its 95 % interval adds two chances: that of the mentions, one
author's posts kept together, and that of the labelled set, by the delta method (as Lang and Reiczigel 2014 do for two
classes). A scorer whose Youden's J (sensitivity + specificity − 1, the lower of negative and positive) is under 0.3 is
below the noise of the classifier and is not corrected.

The counts it corrects with are in [sql/seeds/confusion.csv](../sql/seeds/confusion.csv), by scorer version and
language: the half of the labelled sentences on places that nothing was trained from (159, French). Made by
`python -m benchmarks.prevalence --confusion`; a scorer whose version is not in the file is not corrected, its mentions
are left out, and `n` says how many are not.

### What was measured

*true* is the net sentiment planted: real answers of the
scorers are drawn so that negative, neutral and positive mentions have the shares 60/30/10, 33/34/33, 10/60/30, 5/85/10
and 2/38/60 %. *bias* is the mean error and *error* the root mean square over 400 draws: each time half of the labelled
set teaches the confusions and the other half gives the mentions, so these errors are larger than with all of it.
*95 % holds* says how often the interval holds the truth over 2,000 draws of both samples from the whole set's
confusions.

What they say: plain counting is wrong by up to 0.30, always in the same direction for a given mix, and its intervals,
narrow as they are with 1,000 mentions, then hold the truth hardly ever. The correction takes the bias away and its
intervals hold the truth 91 to 97 % of the time. Its price is spread: with 159 labelled mentions the error is 0.08 to
0.27, so a month near zero is often better told by the plain figure, and its fall from one month to the next always is:
the same mistakes are made in both. Read the plain figure for changes, the corrected one for levels, and both with
their intervals. More labelled mentions narrow it: the audit of a brand's own posts is worth more than these sentences,
which were written for the project and do not speak as the public does.

Omitted on purpose: a corrected share below zero is not set to zero one mention class at a time. Leaving such months
out, as is sometimes advised, was tried: it keeps the months in which chance went one way, and their mean is wrong by up
to 0.16."""
