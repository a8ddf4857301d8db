"""What an identity provider says, and how far it is believed: OpenID Connect without any web framework."""
