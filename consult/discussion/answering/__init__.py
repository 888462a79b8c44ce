"""Official answers: written, drafted, cleared, released, taken back; and what stands beside one that is being written."""
