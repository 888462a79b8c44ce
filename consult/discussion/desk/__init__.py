"""The officials' desk: what waits for a unit, chosen and listed, its points, and every act on it with its undo."""
