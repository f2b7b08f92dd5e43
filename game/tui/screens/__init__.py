"""The screens, a module each; `game.tui.app` opens them by name and imports them when they are first wanted."""
