"""The ses-bounce command: thin, every verb calls one function elsewhere."""
