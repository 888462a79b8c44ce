"""HTTP only: access, headers, errors, paging, conditional GET, navigation."""
