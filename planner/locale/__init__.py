"""The catalogues of the program, a folder a language; ``python -m planner.locale`` renews them."""
