"""Baimo 百模大战: run a Chinese large-language-model startup through the war of the hundred models."""

__version__ = "0.1.0"
