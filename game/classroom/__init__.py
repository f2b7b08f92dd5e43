"""A class: assignments and packs of runs, rooms on the teacher's machine, kits, grading. No screen is known here."""
