"""Changes to the toolkit that anybody signed in suggests, and an editor accepts, amends or declines."""
