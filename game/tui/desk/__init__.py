"""The screens of the teacher's desk; `game.tui.dashboard` opens them."""
