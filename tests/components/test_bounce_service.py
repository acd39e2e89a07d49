"""BounceService: all the parts, joined."""
