-- Grain: one student in residence on one head-count date. The weight is the one of 教发〔2004〕2号; the
-- code table of student categories tells no part-time postgraduates apart, so all count as full-time.
{{ student_census(ref('int_calendar__census_date')) }}
