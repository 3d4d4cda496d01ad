"""Where datasets keep their files and what the files say, without torch and without numpy."""
