-- Grain: one staff member or external teacher on one head-count date, with the college or office of the post.
{{ staff_census(ref('int_calendar__census_date')) }}
