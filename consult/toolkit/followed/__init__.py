"""Which guidance of the toolkit a consultation followed, and how those fared that followed a page."""
