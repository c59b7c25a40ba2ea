-- Grain: audience, indicator, period, level, unit. What the public does not get of the figures that rest on the first.
{{ suppressed_cells(5, [
    'int_disclosure__leaders_1',
    'int_disclosure__leaders_2',
    'int_disclosure__leaders_3',
    'int_disclosure__public_1',
]) }}
