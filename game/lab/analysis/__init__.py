"""What a game was worth, decision by decision: regret, luck and skill, guidance, turning points.

`model` holds the structs that screens, pages and JSON share (no numpy); `game.lab.analysis.run.steps` fills them.
"""
