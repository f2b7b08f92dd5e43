"""The terminal interface: screens, widgets and styles.  Nothing outside `game.cli` imports it."""
