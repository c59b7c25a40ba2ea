"""The house style of charts: colours, kinds, and how they come onto paper."""
