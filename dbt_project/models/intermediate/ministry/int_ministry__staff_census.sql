-- Grain: one staff member or external teacher on one day that the ministry counts on.
{{ staff_census(ref('int_calendar__return_date')) }}
