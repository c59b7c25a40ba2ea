-- Grain: audience, indicator, period, level, unit. What leaders do not get of the figures that rest on no others.
{{ suppressed_cells(1) }}
