-- Grain: one staff member or external teacher on one head-count date (the rows of int_statistics__staff_census),
-- with what the person was on that day: the title engaged last, the highest degree taken, the posts that ran.
{{ staff_standing(ref('int_statistics__staff_census')) }}
