"""The customer's side across rooms: where they go next, what stands above every screen, the portal
afterwards."""
