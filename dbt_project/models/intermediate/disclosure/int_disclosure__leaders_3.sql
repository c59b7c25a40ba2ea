-- Grain: audience, indicator, period, level, unit. What leaders do not get of the figures that rest on the second.
{{ suppressed_cells(3, [
    'int_disclosure__leaders_1',
    'int_disclosure__leaders_2',
]) }}
