"""The rules of the market: pure functions over arrays, numpy and nothing else.

A game is a column: every array has the games axis last, a single game is a batch of one, and a column's history is the
same to the bit whatever batch it is played in.
"""
