-- Grain: audience, indicator, period, level, unit. What leaders do not get of the figures that rest on the first.
{{ suppressed_cells(2, ['int_disclosure__leaders_1']) }}
