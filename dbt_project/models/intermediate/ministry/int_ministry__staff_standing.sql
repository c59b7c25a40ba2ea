-- Grain: one staff member or external teacher on one day that the ministry counts on, with title, degree and posts.
{{ staff_standing(ref('int_ministry__staff_census')) }}
