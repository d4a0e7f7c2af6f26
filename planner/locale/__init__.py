"""The catalogues of the program's sentences, a folder a language; ``python -m planner.locale`` renews them."""
