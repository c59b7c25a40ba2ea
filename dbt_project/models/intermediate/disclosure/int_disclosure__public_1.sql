-- Grain: audience, indicator, period, level, unit. What the public does not get of the figures that rest on no others.
{{ suppressed_cells(4, [
    'int_disclosure__leaders_1',
    'int_disclosure__leaders_2',
    'int_disclosure__leaders_3',
]) }}
