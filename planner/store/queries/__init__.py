"""Every statement as a named function, a file a noun: core values in, core values out, ``tx`` first."""
