"""What may come, as far as a view allows: samples of states consistent with what one seat knows."""
