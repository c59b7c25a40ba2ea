{{ disclosed_figures('statistics') }}
