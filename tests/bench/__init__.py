"""Measurements of the interface on this machine; none of them is a test."""
