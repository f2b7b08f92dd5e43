"""The panels of the screens: each one widget that draws its own rows (`game.tui.kit.panel.Panel`)."""
