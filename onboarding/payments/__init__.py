"""Cards on file at Stripe and the mandates for auto-pay. Cards are kept; nothing is charged here.

`actions` is what the customer does, `converging` makes our rows agree with what stands at Stripe,
whoever says that something changed: the customer's return, a webhook, or the sweep.
"""
