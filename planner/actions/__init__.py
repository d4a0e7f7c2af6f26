"""The verbs of the planner: plain functions of an open transaction, arguments and now."""
