"""What stands in the way of each step, by the part of the election that it belongs to."""
