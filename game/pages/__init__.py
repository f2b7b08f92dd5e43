"""Documents made of content: Markdown, and HTML in one file that needs nothing from outside."""
