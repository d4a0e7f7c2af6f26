"""Benchmarks: each bar of the project as a ratio against something measured in the same run."""
