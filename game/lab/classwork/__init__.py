"""What pupils hand in, as data: every file judged, the class beside bots, what each run teaches. No page is known here."""
