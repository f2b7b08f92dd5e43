"""One game being played: seats, turn order, run files, replay, undo, fork."""
