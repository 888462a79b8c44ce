"""The consultations room on the web: reading, writing, and the steps from opening to outcome."""
