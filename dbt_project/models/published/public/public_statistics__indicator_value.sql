{{ disclosed_figures('public') }}
