"""The monthly briefing on paper: at most four pages for those with two minutes."""
