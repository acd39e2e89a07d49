"""The v2 API's operations on identities, over the state of v1."""
